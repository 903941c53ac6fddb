import { ORPCError } from '@orpc/server';
import { fieldError, type RouterContext } from './base.ts';

/** The ETag of a job, channel, scheduled report or saved search (RFC 9110 §8.8.3): of its editable fields, independent of results. */
export function tellRevision<View extends { revision: string }>(context: RouterContext, view: View): View {
  context.resHeaders?.set('etag', `"${view.revision}"`);
  return view;
}

/**
 * Lets an edit pass only where the job is still what the client has read, by If-Match (RFC 9110 §13.1.1) or the field
 * `revision`. To be called in the turn of the event loop in which the edit is made.
 * @throws ORPCError 412; 404 where there is no such job
 */
export function requireRevision(context: RouterContext, id: string, known: string | undefined): void {
  const none = 'There is no job with this id.';
  require(context, known, { what: 'job', none, revision: () => context.engine.jobs.revision(id) });
}

/** As `requireRevision`, for a channel. @throws ORPCError 412; 404 where there is no such channel */
export function requireChannelRevision(
  context: RouterContext,
  name: string,
  known: string | undefined,
): void {
  const revision = () => context.engine.channelEditor.get(name)?.revision ?? null;
  require(context, known, { what: 'channel', none: 'No channel has this name.', revision });
}

/** As `requireRevision`, for a saved search. @throws ORPCError 412; 404 where there is no such search */
export function requireSearchRevision(context: RouterContext, id: string, known: string | undefined): void {
  const revision = () => context.engine.discoveries.revision(id);
  require(context, known, { what: 'search', none: 'There is no search with this id.', revision });
}

/** As `requireRevision`, for a scheduled report. @throws ORPCError 412; 404 where there is no such report */
export function requireReportRevision(context: RouterContext, name: string, known: string | undefined): void {
  const revision = () => context.engine.reports.get(name)?.revision ?? null;
  require(context, known, { what: 'report', none: 'No report has this name.', revision });
}

interface Revised {
  what: string;
  /** The sentence where there is none. */
  none: string;
  revision(): string | null;
}

function require(context: RouterContext, known: string | undefined, revised: Revised): void {
  const ifMatch = context.reqHeaders?.get('if-match')?.trim();
  if (known === undefined && ifMatch === undefined) return;
  const revision = revised.revision();
  if (revision === null) throw new ORPCError('NOT_FOUND', { message: revised.none });
  const isKnown = known === undefined || known === revision;
  if (!isKnown || !matches(ifMatch, revision))
    throw new ORPCError('PRECONDITION_FAILED', {
      status: 412,
      message: `This ${revised.what} has changed in the meantime. Read it again before you edit it.`,
    });
}

/** A weak tag never matches: If-Match compares strongly. */
function matches(ifMatch: string | undefined, revision: string): boolean {
  if (ifMatch === undefined || ifMatch === '*') return true;
  return ifMatch.split(',').some((tag) => tag.trim() === `"${revision}"`);
}

const maxKey = 200;

/** The key by which a client tells its requests apart, if it gave one. @throws ORPCError 400 */
export function idempotencyKey({ reqHeaders }: RouterContext): string | undefined {
  const key = reqHeaders?.get('idempotency-key')?.trim();
  if (key === undefined) return undefined;
  if (key === '' || key.length > maxKey)
    throw fieldError('Idempotency-Key', `A key has 1 to ${maxKey} characters.`);
  return key;
}

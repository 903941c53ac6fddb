import { readHistoryFile, type Written } from '../../electron/engine/alerts/simulation/history-file.ts';
import { Stage } from '../../electron/engine/alerts/simulation/simulator.ts';
import { acceptedProblemSchema } from '../../shared/schema/accepted-problem.ts';
import type { Alert } from '../../shared/schema/alert.ts';

const dayMs = 86_400_000;
/** Day 0 of every story: a Tuesday. */
const beginning = Date.parse('2026-11-24T10:00:00Z');

/** Times are days since the beginning; fractions are hours and minutes. */
const at = (days: number) => new Date(beginning + Math.round(days * dayMs)).toISOString();
export const minutes = (number: number) => number / (24 * 60);

export interface Shown {
  from: number;
  to: number;
  issuer?: string;
  key?: string;
  /** Tells certificates of the same dates apart. */
  id?: string;
  names?: string[];
  keyType?: string;
}

/** What happens in a story, besides results: what people do, and what happens to the program. */
export type Step =
  | { day: number; shows: Shown; problems?: Written['problems']; chainEnds?: number; host?: string }
  | { day: number; down: true; host?: string }
  | { day: number; does: 'restart' }
  | { day: number; does: 'upgrade' }
  | { day: number; does: 'acknowledge' }
  | {
      day: number;
      does: 'accept';
      problem: string;
      severity?: string;
      until?: number;
      isTied?: boolean;
      host?: string;
    }
  | { day: number; does: 'pause'; host: string }
  | { day: number; does: 'resume'; host: string }
  | { day: number; does: 'delete'; host: string }
  | { day: number; does: 'rename'; host: string; name: string }
  | { day: number; does: 'undo' }
  | { day: number; does: 'snooze'; until: number | 'renewed' }
  | { settings: Record<string, unknown> }
  | { job: Record<string, unknown> };

const host = 'www.example.com';

/** What is said over a story: `12: www.example.com expires in 29 days`, with the day; a digest with its title and body. */
export function saidIn(steps: readonly Step[]): string[] {
  const said: string[] = [];
  const stage = new Stage(({ at: time, type, title, body }) => {
    const day = Number(((time - beginning) / dayMs).toFixed(2));
    said.push(`${day}: ${title.replace(`${host} `, '')}${type === 'alert' ? '' : `. ${body}`}`);
  });
  for (const step of steps) perform(stage, step);
  stage.finish();
  return said;
}

function perform(stage: Stage, step: Step): void {
  if (!('does' in step)) {
    for (const entry of readHistoryFile(JSON.stringify([lineOf(step)]))) stage.play(entry);
    return;
  }
  stage.goTo(beginning + step.day * dayMs);
  if (step.does === 'restart') stage.restart();
  else if (step.does === 'accept') accept(stage, step);
  else if (step.does === 'undo') stage.accept(host, []);
  else if (step.does === 'pause' || step.does === 'resume')
    stage.edit(step.host, { paused: step.does === 'pause' });
  else if (step.does === 'rename') stage.edit(step.host, { name: step.name });
  else if (step.does === 'delete') stage.edit(step.host, null);
  else if (step.does === 'upgrade') stage.upgrade();
  else if (step.does === 'acknowledge') stage.alerter.acknowledge(newest(stage).id);
  else stage.alerter.snooze(newest(stage).id, step.until === 'renewed' ? 'renewed' : at(step.until));
}

function accept(stage: Stage, step: Extract<Step, { does: 'accept' }>): void {
  const { day, problem, severity = 'critical', until, isTied = true } = step;
  const name = step.host ?? host;
  const fingerprint256 = isTied ? stage.shown(name) : null;
  const accepted = { code: problem, severity, reason: 'Known.', acceptedAt: at(day), fingerprint256 };
  const end = until === undefined ? null : at(until);
  stage.accept(name, [acceptedProblemSchema.parse({ ...accepted, until: end })]);
}

function newest(stage: Stage): Alert {
  const [alert] = stage.log.list({ limit: 1, offset: 0, open: true }).items;
  if (!alert) throw new Error('The story has no open alert at that point.');
  return alert;
}

function lineOf(step: Exclude<Step, { does: string }>): Record<string, unknown> {
  if ('settings' in step) return step;
  if ('job' in step) return { job: { host, ...step.job } };
  const line = { at: at(step.day), host: step.host ?? host };
  if ('down' in step) return { ...line, unreachable: 'Nothing listens on port 443.' };
  const { from, to, ...rest } = step.shows;
  return {
    ...line,
    certificate: { validFrom: at(from), validTo: at(to), ...rest },
    problems: step.problems ?? [],
    ...(step.chainEnds === undefined ? {} : { chainEndsAt: at(step.chainEnds) }),
  };
}

/** Checks at an interval that all see the same. */
export function seen(
  shows: Shown,
  {
    from,
    to,
    every = 1,
    ...more
  }: {
    from: number;
    to: number;
    every?: number;
    problems?: Written['problems'];
    chainEnds?: number;
    host?: string;
  },
): Step[] {
  return daysFrom(from, to, every).map((day) => ({ day, shows, ...more }));
}

export function down(from: number, to: number, every: number): Step[] {
  return daysFrom(from, to, every).map((day) => ({ day, down: true }));
}

function daysFrom(from: number, to: number, every: number): number[] {
  const count = Math.floor((to - from) / every + 1e-6) + 1;
  return Array.from({ length: count }, (_, index) => from + index * every);
}

/** A host whose certificates are renewed when each has so many days left, looked at all the while. */
export function renewing(
  lifetime: number,
  leads: readonly number[],
  { from = 0, every = 1, last = lifetime }: { from?: number; every?: number; last?: number } = {},
): Step[] {
  let begin = from;
  return [...leads, lifetime - last].flatMap((lead, index) => {
    const end = begin + lifetime - lead;
    const steps = seen(
      { from: begin, to: begin + lifetime, key: `k${index}` },
      { from: begin, to: end - every / 2, every },
    );
    begin = end;
    return steps;
  });
}

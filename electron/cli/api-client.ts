import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import type { contract } from '../../shared/contract/contract.ts';
import { endpointFile, tokenFile } from '../api/api-service.ts';
import { isSame, proofOf, readTokenFile } from '../api/token.ts';
import { errorCode } from '../engine/error-code.ts';
import { defaultDataFolder } from '../engine/store/data-folder.ts';
import { isHeld } from '../engine/store/folder-lock.ts';
import { NoSuchJobError, NotRunningError, UsageError } from './exit-status.ts';
import { type FieldIssue, FieldsError } from './field-options.ts';

/** The engine of a running app or service. */
export type Remote = ContractRouterClient<typeof contract>;

const endpointSchema = z.object({ url: z.url({ protocol: /^http$/ }), pid: z.int().positive() });

/**
 * The app or service that runs on a data folder.
 * @param data path of the folder; undefined: the desktop app's own
 * @throws NotRunningError where none runs, or the desktop app's API is off
 */
export function findRemote(data: string | undefined): Remote {
  const folder = resolve(data ?? defaultDataFolder(process.platform, process.env));
  const endpoint = readEndpoint(join(folder, endpointFile));
  const token = readTokenOf(folder);
  if (!endpoint || !token || !isHeld(folder)) throw notRunning(folder);
  const prove = once(() => proveService(endpoint.url, token, folder));
  return createORPCClient(
    new RPCLink({
      url: new URL('rpc', endpoint.url).href,
      // The token goes only to the service that proved it has it: after a crash another program may listen on the port.
      headers: async () => {
        await prove();
        return { authorization: `Bearer ${token}` };
      },
      fetch: patientFetch,
    }),
  );
}

/** @throws NotRunningError where it may not be read: the service is another user's */
function readTokenOf(folder: string): string | null {
  const path = join(folder, tokenFile);
  try {
    return readTokenFile(path);
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    throw new NotRunningError(
      `The token in ${path} cannot be read (${code}). Run this as the user that runs NotAfter.`,
      { cause: error },
    );
  }
}

/** Calls a function the first time only. */
function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | undefined;
  return () => {
    answer ??= work();
    return answer;
  };
}

/** @throws NotRunningError where what listens there is not the service of the data folder */
async function proveService(url: string, token: string, folder: string): Promise<void> {
  const nonce = randomBytes(24).toString('base64url');
  const response = await patientFetch(new Request(new URL(`proof?nonce=${nonce}`, url)), {
    redirect: 'error',
  });
  const proof = response.ok ? (await response.text()).slice(0, 100) : '';
  if (isSame(proof, proofOf(token, nonce, Number(new URL(url).port)))) return;
  throw new NotRunningError(
    `${url} is answered by something other than the NotAfter that uses ${folder}, so the token was not sent. Restart NotAfter.`,
  );
}

const maxWaits = 10;

/** Waits where the service asks to: who checks ten thousand jobs asks faster than it lets one client. */
async function patientFetch(request: Request, init: RequestInit): Promise<Response> {
  for (let waits = 0; ; waits += 1) {
    const response = await fetch(request.clone(), init);
    if (response.status !== 429 || waits === maxWaits) return response;
    await setTimeout(Number(response.headers.get('retry-after') ?? 1) * 1000);
  }
}

function notRunning(folder: string): NotRunningError {
  return new NotRunningError(
    isHeld(folder)
      ? `NotAfter is running with ${folder}, but its API is off. Turn it on in its settings, under “API”.`
      : `NotAfter is not running with ${folder}. Start the app or \`notafter serve\`, or choose another folder with --data.`,
  );
}

function readEndpoint(path: string): z.infer<typeof endpointSchema> | null {
  try {
    return endpointSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null; // None was written, or another program wrote it: nothing runs there for us.
  }
}

/**
 * What the engine refused, in the words of the command line.
 * @returns the error as it is where it is none of these
 */
export function asCommandError(error: unknown): unknown {
  if (error instanceof ORPCError) {
    if (error.code === 'NOT_FOUND') return new NoSuchJobError(error.message);
    if (error.status < 500) {
      const issues = issuesOf(error);
      return issues.length > 0 ? new FieldsError(issues) : new UsageError(error.message);
    }
    return new NotRunningError(error.message);
  }
  // fetch tells a refused connection by its cause.
  if (error instanceof TypeError && error.cause !== undefined)
    return new NotRunningError('NotAfter does not answer. Was it just stopped?');
  return error;
}

const issuesSchema = z.object({
  issues: z.array(
    z.object({ path: z.array(z.union([z.string(), z.number()])).optional(), message: z.string() }),
  ),
});

function issuesOf(error: ORPCError<string, unknown>): FieldIssue[] {
  const parsed = issuesSchema.safeParse(error.data);
  return parsed.success ? parsed.data.issues : [];
}

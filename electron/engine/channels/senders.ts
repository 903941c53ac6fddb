import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { forEnvironment, forJson } from '../../../shared/text/foreign-text.ts';
import { errorCode } from '../error-code.ts';
import type { Sent } from './adapter.ts';
import type { HookMessage } from './message.ts';

/** What tells a hook. It never throws for what the other side does. */
export type Send = (message: HookMessage, signal: AbortSignal) => Promise<Sent>;

const commandTimeoutMs = 30_000;

/** A variable of Windows' environment has at most 32,767 characters; Linux takes 128 KiB for each. */
const maxVariableBytes = 32_000;
const maxTitleBytes = 1_000;

/**
 * Runs a command for each message, which it gets on standard input as JSON and in brief in its environment. No shell
 * stands between: what a host or a certificate says is never read as a command.
 */
export function sendToCommand(command: string, args: readonly string[]): Send {
  return async (message, signal) => {
    const { promise, resolve } = Promise.withResolvers<Sent>();
    const fail = (error: string) => resolve({ ok: false, error, isFinal: false });
    let child: ChildProcessByStdio<Writable, null, null>;
    try {
      child = spawn(command, args, {
        stdio: ['pipe', 'ignore', 'inherit'],
        signal: AbortSignal.any([signal, AbortSignal.timeout(commandTimeoutMs)]),
        env: {
          ...process.env,
          NOTAFTER_EVENT: message.event,
          NOTAFTER_SEVERITY: message.severity,
          NOTAFTER_TITLE: forEnvironment(message.title, maxTitleBytes),
          NOTAFTER_BODY: forEnvironment(message.body, maxVariableBytes),
        },
      });
    } catch (error) {
      // Node refuses a command or an argument with a NUL before it starts anything.
      return { ok: false, error: `It could not be run (${codeOf(error)}).`, isFinal: false };
    }
    child.on('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.name === 'AbortError' ? 'It did not end in time.' : `It could not be run (${codeOf(error)}).`,
      ),
    );
    child.on('close', (status, by) => {
      if (status === 0) resolve({ ok: true });
      else fail(status === null ? `It was ended by ${by}.` : `It exited with ${status}.`);
    });
    child.stdin.on('error', () => undefined); // It need not read its input.
    child.stdin.end(JSON.stringify(message));
    return promise;
  };
}

function codeOf(error: unknown): string {
  return errorCode(error) ?? 'no reason';
}

/** Writes each message as a line of JSON. */
export function sendToStream(stream: NodeJS.WritableStream): Send {
  return (message) => {
    const { promise, resolve } = Promise.withResolvers<Sent>();
    stream.write(`${forJson(JSON.stringify(message))}\n`, (error) =>
      resolve(error ? { ok: false, error: 'Nothing reads standard output.', isFinal: true } : { ok: true }),
    );
    return promise;
  };
}

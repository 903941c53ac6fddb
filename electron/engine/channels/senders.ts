import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Writable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { isSealed } from '../../../shared/domain/sealed.ts';
import type { Webhook } from '../../../shared/schema/webhook.ts';
import { forEnvironment, forJson } from '../../../shared/text/foreign-text.ts';
import { errorCode } from '../error-code.ts';
import { InputFileError, loadInputFile } from '../probe/files/input-file.ts';
import { sharedLookup } from '../probe/name-lookups.ts';
import type { Sent } from './adapter.ts';
import { type HookMessage, writeBody } from './message.ts';
import { retryAfterMs } from './retry-after.ts';

/** What tells a hook. It never throws for what the other side does. */
export type Send = (message: HookMessage, signal: AbortSignal) => Promise<Sent>;

const webhookTimeoutMs = 10_000;
const commandTimeoutMs = 30_000;

/** Statuses of which trying again can help, beside those of 500 and above (RFC 9110 §15, RFC 6585 §4). */
const passing = [408, 425, 429];

/** Posts to a webhook. A redirect is not followed: the alert is for the address that the person entered. */
export function sendToWebhook(hook: Webhook, version: string): Send {
  return async (message, outer) => {
    const { promise, resolve } = Promise.withResolvers<Sent>();
    // One limit over the CA file and the request.
    const signal = AbortSignal.any([outer, AbortSignal.timeout(webhookTimeoutMs)]);
    const fail = (error: string, isFinal = false) => resolve({ ok: false, error, isFinal });
    const body = writeBody(message, hook.format);
    if (isSealed(hook.url)) {
      fail('Its address is sealed, and cannot be opened here. Enter it again.', true);
      return promise;
    }
    const isTls = hook.url.startsWith('https:');
    const options: RequestOptions = {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': `NotAfter/${version}`,
      },
      signal,
      agent: false,
      lookup: sharedLookup,
    };
    let request: ClientRequest;
    try {
      const ca = hook.caFile === null ? {} : { ca: await loadRoots(hook.caFile, signal) };
      request = isTls ? httpsRequest(hook.url, { ...options, ...ca }) : httpRequest(hook.url, options);
    } catch (error) {
      const sentence =
        error instanceof InputFileError ? error.message : `It could not be reached (${codeOf(error)}).`;
      fail(signal.aborted ? 'The CA file could not be read in time.' : sentence);
      return promise;
    }
    request.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      response.destroy(); // The body is not needed.
      if (status >= 200 && status < 300) return resolve({ ok: true });
      const isFinal = status < 500 && !passing.includes(status);
      const hold = retryAfterMs(headers['retry-after'], headers.date, Date.now());
      const held = hold === null ? {} : { retryAfterMs: hold };
      resolve({ ok: false, error: `It answered ${status}.`, isFinal, ...held });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      // The message may hold the address, which is secret; the code does not.
      fail(
        error.name === 'TimeoutError' || error.name === 'AbortError'
          ? 'It did not answer in time.'
          : `It could not be reached (${error.code ?? 'no reason'}).`,
      );
    });
    request.end(body);
    return promise;
  };
}

/** Loads the roots a webhook is verified by. @throws InputFileError; the signal's reason where it aborts */
async function loadRoots(caFile: string, signal: AbortSignal): Promise<string[]> {
  const own = await loadInputFile('The CA file', 'caFile', caFile, signal);
  return [...rootCertificates, own.toString('utf8')];
}

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

import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Channel } from '../../../shared/schema/channels/channel.ts';
import type { Secret } from '../../../shared/schema/channels/fields.ts';
import type { ChannelType } from '../../../shared/schema/channels/types.ts';
import type { HookMessage } from './message.ts';
import type { CommandLine } from './program-consent.ts';
import { retryAfterMs } from './retry-after.ts';

/** A message that was delivered, or why it was not, and whether trying again can help. */
export type Sent =
  | { ok: true; edit?: ChannelEdit }
  | {
      ok: false;
      error: string;
      /** Whether trying again cannot help. */
      isFinal: boolean;
      /** For how long the other side asks to be left alone, in milliseconds. */
      retryAfterMs?: number;
      /** Fields of the channel that changed on the other side; the message is sent again at once by them. */
      edit?: ChannelEdit;
      /** Those of a message's recipients that did not get it, where others did. */
      remaining?: string[];
    };

/** Fields of a channel that the other side has given a new value, such as the id of a chat that moved. */
export type ChannelEdit = Readonly<Record<string, string>>;

/** What an HTTP adapter asks for. */
export interface ChannelRequest {
  url: string;
  method?: 'GET' | 'POST' | 'PUT' | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: string | undefined;
  /** Media type of the body. Default: JSON. */
  contentType?: string | undefined;
  /** Whether the reply's body is read; its status tells all otherwise. */
  readsReply?: boolean | undefined;
}

/** What came back: of the body at most 64 KiB. */
export interface ChannelReply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What an adapter may use. */
export interface ChannelContext {
  version: string;
  /** Tells this installation from others that share a service with it. */
  installation: string;
  /** Milliseconds since the epoch. */
  now: number;
  signal: AbortSignal;
  /** Addresses of a message's recipients that are left; null: all. */
  remaining: readonly string[] | null;
  /** Returns a service's own address, or the one that takes its place in a test. */
  base(service: ChannelType, usual: string): string;
  /** Returns a secret: its text, or the first line of its file. @throws InputFileError */
  secret(secret: Secret): Promise<string>;
  /** Sends a request; redirects are not followed. @throws ChannelUnreachable */
  http(request: ChannelRequest): Promise<ChannelReply>;
  /** Opens a connection as the channel is reached, for what is not HTTP. @throws ChannelUnreachable */
  connect(host: string, port: number): Promise<Socket>;
  /** Sends each record as a datagram. @throws ChannelUnreachable, also where the channel has a proxy */
  datagrams(to: { host: string; port: number }, records: readonly Buffer[]): Promise<void>;
  /** Tells whether a program may be run on this computer. */
  mayRun(command: CommandLine): boolean;
  /** Returns the certificates that the channel is verified by: the usual roots and those of its CA file. */
  trusted(): Promise<string[]>;
}

/** How one type of channel sends a message. It throws only for faults of NotAfter and as `ChannelContext` does. */
export interface ChannelAdapter<Type extends ChannelType = ChannelType> {
  /** Time limit of one message in milliseconds. Default: ten seconds. */
  timeoutMs?: number;
  send(message: HookMessage, channel: Channel<Type>, context: ChannelContext): Promise<Sent>;
}

/** The other side could not be reached, with a sentence that names no secret. */
export class ChannelUnreachable extends Error {
  override name = 'ChannelUnreachable';
}

interface HttpAdapter<Type extends ChannelType> {
  request(
    message: HookMessage,
    channel: Channel<Type>,
    context: ChannelContext,
  ): ChannelRequest | Promise<ChannelRequest>;
  /** Judges a reply by more than its status; null leaves it to the status. */
  judge?(reply: ChannelReply, channel: Channel<Type>): Sent | null;
}

/** Makes an adapter that sends one request for each message. */
export function httpAdapter<Type extends ChannelType>({
  request,
  judge,
}: HttpAdapter<Type>): ChannelAdapter<Type> {
  return {
    async send(message, channel, context) {
      const readsReply = judge !== undefined;
      const reply = await context.http({ readsReply, ...(await request(message, channel, context)) });
      return judge?.(reply, channel) ?? judgeStatus(reply);
    },
  };
}

/** Statuses of which trying again can help, beside those of 500 and above (RFC 9110 §15, RFC 6585 §4). */
const passing = [408, 425, 429];

/**
 * Judges a reply by its status alone.
 * @param detail what the service said, for services with a fixed address: of others nothing is shown
 */
export function judgeStatus(
  { status, headers }: ChannelReply,
  detail: string | null = null,
  holdMs: number | null = null,
): Sent {
  if (status >= 200 && status < 300) return { ok: true };
  const hold = holdMs ?? retryAfterMs(headers['retry-after'], headers.date, Date.now());
  return {
    ok: false,
    error: detail === null ? `It answered ${status}.` : `It answered ${status}: ${detail}`,
    isFinal: status < 500 && !passing.includes(status),
    ...(hold === null ? {} : { retryAfterMs: hold }),
  };
}

/** Reads a reply's JSON; an empty object where it is none. */
export function replyJson({ body }: ChannelReply): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    // SAFETY: an object that is no array has names and values.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {}; // Not every service answers in JSON.
  }
}

/** Returns an address without slashes at its end, for a path to be put behind it. */
export function withoutSlash(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end -= 1;
  return url.slice(0, end);
}

/** Loads the adapter of a type. It is imported when its channel is first used. */
export async function loadAdapter(type: ChannelType): Promise<ChannelAdapter> {
  // SAFETY: a spec loads the module of every type, and each exports its adapter.
  const { adapter } = (await import(`./adapters/${type}.ts`)) as { adapter: ChannelAdapter };
  return adapter;
}

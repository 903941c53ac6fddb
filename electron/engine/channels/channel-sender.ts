import { join, resolve, sep } from 'node:path';
import { isSealed } from '../../../shared/domain/sealed.ts';
import { type Channel, mapHidden, mapSecrets } from '../../../shared/schema/channels/channel.ts';
import type { Secret } from '../../../shared/schema/channels/fields.ts';
import type { ChannelType } from '../../../shared/schema/channels/types.ts';
import { InputFileError, loadInputFile } from '../probe/files/input-file.ts';
import {
  type ChannelContext,
  type ChannelEdit,
  ChannelUnreachable,
  loadAdapter,
  type Sent,
} from './adapter.ts';
import type { HookMessage } from './message.ts';
import type { ProgramConsent } from './program-consent.ts';
import type { Reach } from './transport.ts';

export interface ChannelSenderOptions {
  version: string;
  installation: string;
  /** The data folder: secrets may be in files of its folder `secrets`. */
  folder: string;
  now: () => number;
  /** The proxy that checks use; null: none. */
  jobsProxy: () => string | null;
  /** Keeps what the other side has changed of a channel. */
  onEdit: (name: string, edit: ChannelEdit) => Promise<void>;
  /** Which programs channels may run; without it none. */
  programs?: Pick<ProgramConsent, 'isAllowed'>;
  /** Addresses that take the place of services' own, in tests. */
  bases?: Readonly<Partial<Record<ChannelType, string>>>;
}

const usualTimeoutMs = 10_000;

/** Loaded for the first message: the start does not wait for what speaks HTTP. */
const loadTransport = () => import('./transport.ts');

/** Sends messages to channels by the adapters of their types. */
export class ChannelSender {
  readonly #options: ChannelSenderOptions;

  constructor(options: ChannelSenderOptions) {
    this.#options = options;
  }

  /** Sends a message; what the other side does is an answer, and only a fault of NotAfter throws. */
  async send(
    channel: Channel,
    message: HookMessage,
    signal: AbortSignal,
    remaining: readonly string[] | null = null,
  ): Promise<Sent> {
    const adapter = await loadAdapter(channel.type);
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(adapter.timeoutMs ?? usualTimeoutMs)]);
    const attempt = async (current: Channel): Promise<Sent> => {
      try {
        return await adapter.send(message, current, this.#context(current, deadline, remaining));
      } catch (error) {
        const isOfChannel = error instanceof ChannelUnreachable || error instanceof InputFileError;
        if (isOfChannel) return { ok: false, error: error.message, isFinal: error instanceof SealedChannel };
        if (deadline.aborted) return { ok: false, error: 'It did not answer in time.', isFinal: false };
        throw error;
      }
    };
    const sent = await attempt(channel);
    if (!sent.edit) return sent;
    await this.#options.onEdit(channel.name, sent.edit);
    // SAFETY: an adapter edits only fields of this channel's type, with texts that the schema allows.
    return sent.ok ? sent : attempt({ ...channel, ...sent.edit } as Channel);
  }

  #context(channel: Channel, signal: AbortSignal, remaining: readonly string[] | null): ChannelContext {
    const { version, installation, now, jobsProxy, bases, programs } = this.#options;
    const reach: Reach = {
      caFile: channel.caFile,
      proxy:
        { jobs: jobsProxy(), none: null }[channel.proxy] ??
        (channel.proxy === 'jobs' || channel.proxy === 'none' ? null : channel.proxy),
    };
    mapSecrets(channel, (secret) => {
      if (typeof secret === 'string' && isSealed(secret)) throw new SealedChannel();
      return secret;
    });
    mapHidden(channel, {
      address: (text) => text, // A proxy whose password is sealed is not used (proxy.ts).
      value: (text) => {
        if (isSealed(text)) throw new SealedChannel();
        return text;
      },
    });
    return {
      version,
      installation,
      now: now(),
      signal,
      remaining,
      base: (service, usual) => bases?.[service] ?? usual,
      secret: (secret) => this.#open(secret, signal),
      mayRun: (command) => programs?.isAllowed(command) ?? false,
      http: async (request) => (await loadTransport()).sendRequest(request, reach, version, signal),
      connect: async (host, port) => (await loadTransport()).openChannelSocket(reach, host, port, signal),
      datagrams: async (to, records) =>
        (await import('./datagrams.ts')).sendDatagrams(reach, to, records, signal),
      trusted: async () => (await loadTransport()).trustedCertificates(reach, signal),
    };
  }

  /**
   * A file of secrets is one that was put where secrets are kept, so that editing a channel cannot send the first line of any other file
   * away: `secrets` of the data folder, the runtime's /run/secrets, or systemd's folder of credentials.
   */
  async #open(secret: Secret, signal: AbortSignal): Promise<string> {
    if (typeof secret === 'string') return secret;
    if (!('file' in secret)) throw new ChannelUnreachable('Its secret is missing. Enter it again.');
    const path = resolve(join(this.#options.folder, 'secrets'), secret.file);
    const folders = [
      join(this.#options.folder, 'secrets'),
      '/run/secrets',
      ...(process.env['CREDENTIALS_DIRECTORY'] ? [process.env['CREDENTIALS_DIRECTORY']] : []),
    ];
    if (!folders.some((folder) => path.startsWith(`${resolve(folder)}${sep}`)))
      throw new ChannelUnreachable(
        `The secret’s file must be in ${folders.join(', ')}. Move ${secret.file} there.`,
      );
    const content = await loadInputFile('The secret’s file', 'secret', path, signal);
    const [line = ''] = content.toString('utf8').split(/\r?\n/, 1);
    if (line === '') throw new ChannelUnreachable(`The secret’s file ${path} is empty.`);
    return line;
  }
}

/** A secret of the channel cannot be opened here. */
class SealedChannel extends ChannelUnreachable {
  constructor() {
    super('Its secret is sealed and cannot be opened here. Enter it again.');
  }
}

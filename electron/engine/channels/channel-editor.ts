import { createHmac, randomBytes } from 'node:crypto';
import type { Channel } from '../../../shared/schema/channels/channel.ts';
import { type ChannelView, channelInputSchema } from '../../../shared/schema/channels/channel-view.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import { hideSecrets, restoreSecrets, SettingsFieldError } from '../store/channel-secrets.ts';
import type { ConfigStore } from '../store/config-store.ts';
import { storable } from '../store/job-edits.ts';
import { type ProgramConsent, requireConsent } from './program-consent.ts';

/** A name that another channel has already. */
export class ChannelNameTakenError extends Error {
  override name = 'ChannelNameTakenError';
}

export interface ChannelEditorOptions {
  store: Pick<ConfigStore, 'settings'>;
  settings: Pick<SettingsService, 'edit'>;
  /** Which programs channels may run. */
  programs: ProgramConsent;
}

/** Lists, adds, edits and deletes channels one by one. They are kept in the settings. */
export class ChannelEditor {
  readonly #options: ChannelEditorOptions;
  /** Of this process alone: a revision covers secrets, and cannot be used to try guesses of them. */
  readonly #key = randomBytes(32);

  constructor(options: ChannelEditorOptions) {
    this.#options = options;
  }

  get #channels(): readonly Channel[] {
    return this.#options.store.settings.channels;
  }

  list(): ChannelView[] {
    return this.#channels.map((channel) => this.#view(channel));
  }

  /** Returns a channel as it is shown; null: none has the name. */
  get(name: string): ChannelView | null {
    const channel = this.#channels.find((one) => one.name === name);
    return channel ? this.#view(channel) : null;
  }

  /** @throws ChannelNameTakenError; SettingsFieldError for a secret that is missing; StoreWriteError */
  async add(channel: Channel): Promise<ChannelView> {
    this.#refuseName(channel.name, null);
    await requireConsent(this.#options.programs, [channel], () => 'program');
    // Channels may have changed while the person was asked.
    this.#refuseName(channel.name, null);
    const channels = this.#channels;
    await this.#save([...channels, channel], channels.length);
    return this.#required(channel.name);
  }

  /**
   * Edits a channel, also its name: it keeps its secrets, unless it would send them elsewhere.
   * @param require throws where the channel is not what the caller has read; called at the moment of the edit
   * @returns the channel; null: none has the name
   * @throws SettingsFieldError for a field that is refused; ChannelNameTakenError; StoreWriteError
   */
  async edit(
    name: string,
    patch: Readonly<Record<string, unknown>>,
    require: () => void = () => undefined,
  ): Promise<ChannelView | null> {
    const asked = this.#edited(name, patch);
    if (!asked) return null;
    await requireConsent(this.#options.programs, [asked.channel], () => 'program');
    // Channels may have changed while the person was asked.
    const edit = this.#edited(name, patch);
    if (!edit) return null;
    require();
    await this.#save(this.#channels.with(edit.index, edit.channel), edit.index);
    return this.#required(edit.channel.name);
  }

  /** Asks for consent to the programs of channels that settings have. @throws SettingsFieldError where it is refused */
  consent(channels: readonly Channel[]): Promise<void> {
    return requireConsent(this.#options.programs, channels, (index) => `channels.${index}.program`);
  }

  /** Returns a channel with an edit made, and its place among all; null: none has the name. */
  #edited(
    name: string,
    patch: Readonly<Record<string, unknown>>,
  ): { channel: Channel; index: number } | null {
    const index = this.#channels.findIndex((one) => one.name === name);
    const kept = this.#channels[index];
    if (!kept) return null;
    if (patch['type'] !== undefined && patch['type'] !== kept.type)
      throw new SettingsFieldError('type', 'The type of a channel cannot change. Add another channel.');
    const given = storable(channelInputSchema, { ...hideSecrets(kept), ...withoutUndefined(patch) });
    this.#refuseName(given.name, kept.name);
    const edited = atField(0, () => restoreSecrets([{ ...given, name: kept.name }], [kept]));
    // SAFETY: one channel was given.
    const [restored] = edited as [Channel];
    // SAFETY: it has another name and is the same otherwise.
    return { channel: { ...restored, name: given.name } as Channel, index };
  }

  /** Deletes a channel. @returns whether there was one @throws StoreWriteError */
  async remove(name: string): Promise<boolean> {
    const channels = this.#channels;
    if (!channels.some((one) => one.name === name)) return false;
    await this.#save(
      channels.filter((one) => one.name !== name),
      0,
    );
    return true;
  }

  async #save(channels: readonly Channel[], index: number): Promise<void> {
    try {
      await this.#options.settings.edit({ channels: [...channels] });
    } catch (error) {
      throw withinChannel(error, index);
    }
  }

  #refuseName(name: string, own: string | null): void {
    if (name !== own && this.#channels.some((one) => one.name === name))
      throw new ChannelNameTakenError('Another channel has this name.');
  }

  #required(name: string): ChannelView {
    const view = this.get(name);
    if (!view) throw new Error(`The channel ${name} was not stored.`);
    return view;
  }

  #view(channel: Channel): ChannelView {
    const revision = createHmac('sha256', this.#key).update(JSON.stringify(channel)).digest('base64url');
    return { ...hideSecrets(channel), revision: revision.slice(0, 16) };
  }
}

function withoutUndefined(patch: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function atField<Value>(index: number, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw withinChannel(error, index);
  }
}

/** Names a field within the channel instead of within the settings. */
function withinChannel(error: unknown, index: number): unknown {
  const prefix = `channels.${index}.`;
  if (!(error instanceof SettingsFieldError) || !error.field.startsWith(prefix)) return error;
  return new SettingsFieldError(error.field.slice(prefix.length), error.message);
}

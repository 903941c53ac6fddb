import { plainAddress } from './plain-address.ts';
import { isRecord, type Stored } from './stored-record.ts';

/** What the formats of webhooks are called as types of channels. */
const types: Readonly<Record<string, string>> = { json: 'webhook', slack: 'slack', teams: 'teams' };

/**
 * Turns the webhooks of stored settings into channels that send the same bodies to the same addresses. What waits for a webhook is kept by its
 * name, so that a webhook keeps its name also where a channel has it: that channel gets a number. What is no webhook stays in the list, to be
 * named by `salvage`.
 */
export function webhooksToChannels(settings: Stored): Stored {
  const { webhooks, channels = [], ...rest } = settings;
  if (!Array.isArray(webhooks)) return settings;
  const own: unknown[] = Array.isArray(channels) ? channels : [channels];
  const made = webhooks.map(asStoredChannel);
  const names = new Names([...made, ...own].map(nameOf));
  const named = made.map((channel) => names.give(channel));
  return { ...rest, channels: [...own.map((channel) => names.give(channel)), ...named] };
}

function asStoredChannel(webhook: unknown): unknown {
  if (!isRecord(webhook)) return webhook;
  const { format = 'json', url, ...common } = webhook;
  const type = typeof format === 'string' && Object.hasOwn(types, format) ? types[format] : undefined;
  return type === undefined
    ? webhook
    : { type, ...common, url: typeof url === 'string' ? plainAddress(url) : url };
}

function nameOf(entry: unknown): string | null {
  return isRecord(entry) && typeof entry['name'] === 'string' ? entry['name'].trim() : null;
}

/** Gives each name to the first that has it, and to others a name that none has. */
class Names {
  readonly #wanted: ReadonlySet<string | null>;
  readonly #given = new Set<string>();
  /** The last number given, by the name before it. */
  readonly #numbers = new Map<string, number>();

  /** @param wanted the names that entries have, so that no other gets one of them */
  constructor(wanted: readonly (string | null)[]) {
    this.#wanted = new Set(wanted);
  }

  give(entry: unknown): unknown {
    const name = nameOf(entry);
    if (name === null || !isRecord(entry)) return entry;
    const own = this.#given.has(name) ? this.#free(name.slice(0, 55)) : name;
    this.#given.add(own);
    return own === name ? entry : { ...entry, name: own };
  }

  #free(base: string): string {
    let number = this.#numbers.get(base) ?? 1;
    do number += 1;
    while (this.#wanted.has(`${base} ${number}`) || this.#given.has(`${base} ${number}`));
    this.#numbers.set(base, number);
    return `${base} ${number}`;
  }
}

import { isOpenValue } from '../../../shared/domain/masked-address.ts';
import { isSealed } from '../../../shared/domain/sealed.ts';
import {
  type Channel,
  destinationOf,
  mapHidden,
  mapSecrets,
} from '../../../shared/schema/channels/channel.ts';
import type { Config } from './config-file.ts';
import { isWebAddress, withPlainAddresses } from './plain-address.ts';
import type { SecretBox } from './secret-box.ts';

/** Changes a secret; `place` says to which field and host it belongs, and `before` to which an older version said it does. */
type Change = (secret: string, place: string, before?: string) => string;

/** Changes the password of a proxy to the letter: a URL that is read and written again comes back with another port or path. */
function changeProxy(url: string, password: Change): string {
  return asWritten(url).replace(
    proxyPassword,
    (_, before: string, secret: string, after: string) =>
      `${before}${password(secret, proxyPlace(`${before}x${after}`))}${after}`,
  );
}

const proxyPassword = /^([a-z0-9+.-]+:\/\/[^:/?#@]*:)(.+)(@[^@]*)$/i;

/** Returns a proxy with a password that is spelled in no usual way, such as `http:me:password@host` or with a blank before it, in the usual one. */
function asWritten(url: string): string {
  const isUsual = proxyPassword.test(url) || !URL.canParse(url) || new URL(url).password === '';
  return isUsual ? url : new URL(url).href;
}

/** A configuration with each of its secrets changed: the passwords of proxies, the addresses of heartbeats, and what channels keep secret. */
function change(config: Config, password: Change, address: Change): Config {
  const { settings, jobs, sources, searches } = config;
  const proxy = (url: string) => changeProxy(url, password);
  return {
    settings: {
      ...settings,
      proxy: settings.proxy === null ? null : proxy(settings.proxy),
      channels: settings.channels.map((channel) => changeChannel(channel, password, address)),
      heartbeats: settings.heartbeats.map((heartbeat) => ({
        ...heartbeat,
        url: address(heartbeat.url, heartbeatPlace(heartbeat.url)),
        failUrl: heartbeat.failUrl && address(heartbeat.failUrl, heartbeatPlace(heartbeat.failUrl)),
      })),
    },
    jobs: jobs.map((job) => {
      const { connection } = job;
      if (connection.proxy === null || connection.proxy === 'none') return job;
      return { ...job, connection: { ...connection, proxy: proxy(connection.proxy) } };
    }),
    sources,
    searches,
  };
}

/** Secrets in a file, and the sign that one is kept, are no text to seal. Of other addresses than a proxy's nothing is sealed. */
function changeChannel(channel: Channel, password: Change, address: Change): Channel {
  const changed = mapSecrets(channel, (secret, field) => {
    if (typeof secret !== 'string') return secret;
    const place = secretPlace(channel, field);
    return isWebAddress(secret)
      ? address(secret, place, placeAsWebhook(channel, secret))
      : password(secret, place);
  });
  return mapHidden(changed, {
    address: (text, field) => (field === 'proxy' ? changeProxy(text, password) : text),
    value: (text, field, name) =>
      isOpenValue(text)
        ? text
        : password(text, `channel ${channel.type} ${field} ${name} ${destinationOf(channel)}`),
  });
}

function secretPlace(channel: Channel, field: string): string {
  return `channel ${channel.type} ${field} ${destinationOf(channel)}`;
}

function proxyPlace(url: string): string {
  const { protocol, username, host } = new URL(url);
  return `proxy password ${protocol}//${username}@${host}`;
}

function heartbeatPlace(url: string): string {
  return `heartbeat address ${new URL(url).origin}`;
}

/** Returns the place of an address that was a webhook's when it was sealed, before webhooks were channels. */
function placeAsWebhook({ type }: Channel, url: string): string | undefined {
  const wasWebhook = type === 'webhook' || type === 'slack' || type === 'teams';
  return wasWebhook && URL.canParse(url) ? `webhook address ${new URL(url).origin}` : undefined;
}

/**
 * The configuration as it goes to disk. Of an address the host stays legible. What is sealed already, because it could
 * not be opened here, stays as it is.
 */
export function sealSecrets(config: Config, secretBox: SecretBox): Config {
  return change(
    config,
    (password, place) => (isSealed(password) ? password : secretBox.seal(password, place)),
    (url, place) => (isSealed(url) ? url : `${new URL(url).origin}/${secretBox.seal(url, place)}`),
  );
}

/** A configuration with its secrets opened. */
export interface OpenedConfig {
  config: Config;
  /** How many secrets could not be opened. */
  unopened: number;
  /** How many are to be sealed: they were in plain, or sealed for no place. */
  toBeSealed: number;
}

/**
 * The configuration as it is used. What cannot be opened stays sealed: it must not be used, nor be lost.
 * @param secretBox null where there is no key
 */
export function openSecrets(config: Config, secretBox: SecretBox | null): OpenedConfig {
  let unopened = 0;
  let toBeSealed = 0;
  const open = (text: string, sealed: string, place: string, before?: string): string => {
    if (!isSealed(text)) {
      toBeSealed += 1;
      return text;
    }
    const opened = secretBox?.open(sealed, place) ?? null;
    const older = opened === null && before !== undefined ? (secretBox?.open(sealed, before) ?? null) : null;
    if (opened === null && older === null) unopened += 1;
    else if (!opened?.isBound) toBeSealed += 1;
    return (opened ?? older)?.secret ?? text;
  };
  const whole = secretBox === null ? config : withLostAddresses(config, secretBox);
  const opened = change(
    whole,
    (password, place) => open(password, password, place),
    (url, place, before) => open(url, new URL(url).pathname.slice(1), place, before),
  );
  const channels = opened.settings.channels.map(withPlainAddresses);
  return { config: { ...opened, settings: { ...opened.settings, channels } }, unopened, toBeSealed };
}

/**
 * Returns a configuration with the addresses in plain that were sealed without their host: an address whose scheme is not lower case was taken for a
 * password. Only the address itself contains the host that it was sealed for, to which the other secrets of its channel are bound, too.
 */
function withLostAddresses(config: Config, secretBox: SecretBox): Config {
  const channels = config.settings.channels.map((channel) =>
    mapSecrets(channel, (secret, field) => {
      if (typeof secret !== 'string' || !isSealed(secret) || URL.canParse(secret)) return secret;
      const opened = secretBox.openBy(secret, (text) =>
        isWebAddress(text) ? secretPlace({ ...channel, [field]: text }, field) : null,
      );
      return opened ?? secret;
    }),
  );
  return { ...config, settings: { ...config.settings, channels } };
}

/** Counts the secrets of a configuration in use that are still sealed: no key has opened them. */
export function countSealed(config: Config): number {
  return openSecrets(config, null).unopened;
}

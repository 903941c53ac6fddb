import { isSealed } from '../../../shared/domain/sealed.ts';
import type { Config } from './config-file.ts';
import type { SecretBox } from './secret-box.ts';

/** A configuration with each of its secrets changed: the passwords of proxies, and the addresses of webhooks. */
function change(
  config: Config,
  password: (secret: string) => string,
  address: (url: string) => string,
): Config {
  const { settings, jobs } = config;
  // To the letter: a URL that is read and written again comes back with another port or path.
  const proxy = (url: string) =>
    url.replace(
      /^([a-z0-9+.-]+:\/\/[^:/?#@]*:)(.+)(@[^@]*)$/i,
      (_, before: string, secret: string, after: string) => `${before}${password(secret)}${after}`,
    );
  return {
    settings: {
      ...settings,
      proxy: settings.proxy === null ? null : proxy(settings.proxy),
      webhooks: settings.webhooks.map((hook) => ({ ...hook, url: address(hook.url) })),
    },
    jobs: jobs.map((job) => {
      const { connection } = job;
      if (connection.proxy === null || connection.proxy === 'none') return job;
      return { ...job, connection: { ...connection, proxy: proxy(connection.proxy) } };
    }),
  };
}

/**
 * The configuration as it goes to disk. Of a webhook's address the host stays legible. What is sealed already, because it could
 * not be opened here, stays as it is.
 */
export function sealSecrets(config: Config, secretBox: SecretBox): Config {
  return change(
    config,
    (password) => (isSealed(password) ? password : secretBox.seal(password)),
    (url) => (isSealed(url) ? url : `${new URL(url).origin}/${secretBox.seal(url)}`),
  );
}

/**
 * The configuration as it is used. What cannot be opened stays sealed: it must not be used, nor be lost.
 * @param secretBox null where there is no key
 * @returns how many secrets could not be opened, too, and how many lay there open
 */
export function openSecrets(
  config: Config,
  secretBox: SecretBox | null,
): { config: Config; unopened: number; unsealed: number } {
  let unopened = 0;
  let unsealed = 0;
  const open = (text: string, sealed: string): string => {
    if (!isSealed(text)) {
      unsealed += 1;
      return text;
    }
    const secret = secretBox?.open(sealed) ?? null;
    if (secret === null) unopened += 1;
    return secret ?? text;
  };
  const opened = change(
    config,
    (password) => open(password, password),
    (url) => open(url, new URL(url).pathname.slice(1)),
  );
  return { config: opened, unopened, unsealed };
}

import {
  isMaskedAddress,
  mask,
  maskAddress,
  maskSecretAddress,
} from '../../../shared/domain/masked-address.ts';
import type { Heartbeat } from '../../../shared/schema/heartbeat.ts';
import type { Settings, SettingsPatch, ShownSettings } from '../../../shared/schema/settings.ts';
import { hideSecrets, SettingsFieldError } from './channel-secrets.ts';
import { shownWebhooks } from './webhook-view.ts';

/** Returns settings as they are shown: with no password, no address that is a secret, and no secret of a channel. */
export function hideSettings(settings: Settings): ShownSettings {
  return {
    ...settings,
    proxy: hideProxy(settings.proxy),
    heartbeats: settings.heartbeats.map((heartbeat) => ({
      ...heartbeat,
      url: maskSecretAddress(heartbeat.url),
      failUrl: heartbeat.failUrl && maskSecretAddress(heartbeat.failUrl),
    })),
    channels: settings.channels.map(hideSecrets),
    webhooks: shownWebhooks(settings.channels),
  };
}

/** Returns a proxy's address as it is shown. `none` and null stay what they are. */
export function hideProxy<Proxy extends string | null>(proxy: Proxy): Proxy | string {
  return proxy === null || proxy === 'none' ? proxy : maskAddress(proxy);
}

/**
 * Returns a proxy's address with what was not shown of it.
 * @param before the address that is kept
 * @throws SettingsFieldError where the address that is kept is another
 */
export function restoreProxy<Given extends string | null | undefined>(
  given: Given,
  before: string | null,
  field: string,
): Given | string {
  if (typeof given !== 'string' || !isMaskedAddress(given)) return given;
  if (before !== null && hideProxy(before) === given) return before;
  throw new SettingsFieldError(
    field,
    `Enter the user name and password of this proxy: those behind ${mask} were saved for another address.`,
  );
}

/**
 * Returns a change of settings with the addresses that are kept and not shown.
 * @throws SettingsFieldError for an address that is not kept
 */
export function restoreAddresses<Patch extends Omit<SettingsPatch, 'webhooks'>>(
  patch: Patch,
  before: Settings,
): Patch {
  return {
    ...patch,
    proxy: restoreProxy(patch.proxy, before.proxy, 'proxy'),
    heartbeats: patch.heartbeats?.map((heartbeat, index) => restoreHeartbeat(heartbeat, index, before)),
  };
}

function restoreHeartbeat(given: Heartbeat, index: number, { heartbeats }: Settings): Heartbeat {
  const restored = (field: 'url' | 'failUrl', url: string) => {
    if (!isMaskedAddress(url)) return url;
    const own = oneOf(
      heartbeats.filter((one) => one[field] !== null && maskSecretAddress(one[field]) === url),
      given.name,
    );
    if (own?.[field]) return own[field];
    throw new SettingsFieldError(
      `heartbeats.${index}.${field}`,
      `Enter the full address: NotAfter has none saved for this heartbeat.`,
    );
  };
  return {
    ...given,
    url: restored('url', given.url),
    failUrl: given.failUrl && restored('failUrl', given.failUrl),
  };
}

/** The one with the name; else the only one, which has another name now. */
function oneOf<One extends { name: string }>(candidates: readonly One[], name: string): One | undefined {
  return candidates.find((one) => one.name === name) ?? (candidates.length === 1 ? candidates[0] : undefined);
}

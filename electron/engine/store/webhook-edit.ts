import { isDeepStrictEqual } from 'node:util';
import { isMaskedAddress, maskSecretAddress } from '../../../shared/domain/masked-address.ts';
import type { Channel } from '../../../shared/schema/channels/channel.ts';
import type { Settings, SettingsPatch } from '../../../shared/schema/settings.ts';
import type { Webhook } from '../../../shared/schema/webhook.ts';
import { hideSecrets, SettingsFieldError } from './channel-secrets.ts';
import { refuseSealed } from './job-edits.ts';
import { nameBefore } from './renamed-entry.ts';
import { asChannel, shownWebhooks, webhooksOf } from './webhook-view.ts';

/**
 * Returns a change of settings with its webhooks as channels: the list edits those that it names, adds others, and removes none. A client of the
 * time before version 12 sends the list that it knows, in which channels that a person added are missing. Clients that send back all settings
 * change one of the two lists.
 * @throws SettingsFieldError for a name that another channel has, an address that is not kept, and where both lists change
 */
export function withoutWebhooks(
  { webhooks, ...patch }: SettingsPatch,
  { channels: before }: Pick<Settings, 'channels'>,
): Omit<SettingsPatch, 'webhooks'> {
  if (webhooks === undefined || isDeepStrictEqual(webhooks, shownWebhooks(before))) return patch;
  if (patch.channels && !isDeepStrictEqual(patch.channels, before.map(hideSecrets)))
    throw new SettingsFieldError('webhooks', 'Change channels or webhooks, not both in one request.');
  const own = webhooksOf(before);
  const others = before.filter(({ name }) => !own.some((webhook) => webhook.name === name));
  const given = new Map<string, Channel>();
  for (const [index, webhook] of webhooks.entries()) {
    if (others.some(({ name }) => name === webhook.name))
      throw new SettingsFieldError(`webhooks.${index}.name`, 'Another channel has this name.');
    const url = restoreUrl(webhook, index, own);
    const known = knownName(webhook, url, own, webhooks);
    refuseSealed(
      `webhooks.${index}.url`,
      url,
      own.filter(({ name }) => name === known).map((one) => one.url),
    );
    given.set(given.has(known) ? webhook.name : known, asChannel({ ...webhook, url }));
  }
  const edited = before.map((channel) => {
    const webhook = given.get(channel.name);
    given.delete(channel.name);
    return webhook ?? hideSecrets(channel);
  });
  return { ...patch, channels: [...edited, ...given.values()] };
}

/**
 * Returns the name that a webhook had before. It is another than its own only where the list no longer names the webhook that has its address: at the
 * same place, or as the only one whose address the client has read here.
 * @param url its whole address
 */
function knownName(
  { name, format, url: given }: Webhook,
  url: string,
  own: readonly Webhook[],
  webhooks: readonly Webhook[],
): string {
  const known = nameBefore(name, own.map(named), webhooks.map(named));
  if (known !== name) return own.some((one) => one.name === known && one.url === url) ? known : name;
  if (own.length === webhooks.length || !isMaskedAddress(given) || own.some((one) => one.name === name))
    return name;
  const [before, ...more] = own.filter(
    (one) => one.url === url && one.format === format && !webhooks.some((other) => other.name === one.name),
  );
  return before && more.length === 0 ? before.name : name;
}

/** The format of a webhook is the type of its channel. */
const named = ({ name, format }: Webhook) => ({ name, type: format });

/** A webhook keeps its address under another name, and not with other certificates than it was entered for. */
function restoreUrl({ name, url, caFile }: Webhook, index: number, before: readonly Webhook[]): string {
  if (!isMaskedAddress(url)) return url;
  const alike = before.filter((hook) => maskSecretAddress(hook.url) === url && hook.caFile === caFile);
  const own = alike.find((one) => one.name === name) ?? (alike.length === 1 ? alike[0] : undefined);
  if (own) return own.url;
  throw new SettingsFieldError(
    `webhooks.${index}.url`,
    `Enter the full address: NotAfter has none saved for this webhook and its CA file.`,
  );
}

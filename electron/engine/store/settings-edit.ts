import { maxChannels } from '../../../shared/schema/channels/channel.ts';
import { type Settings, type SettingsPatch, settingsSchema } from '../../../shared/schema/settings.ts';
import { editedChannels, SettingsFieldError } from './channel-secrets.ts';
import { refuseSealed, storable, withoutUndefined } from './job-edits.ts';
import { restoreAddresses } from './kept-addresses.ts';
import { withPlainAddresses } from './plain-address.ts';
import { renamedEntries } from './renamed-entry.ts';
import { requireDestination } from './report-checks.ts';
import { withoutWebhooks } from './webhook-edit.ts';

/**
 * Returns settings with an edit made, and with the secrets that they keep.
 * @throws SettingsFieldError where the edit is refused
 */
export function editedSettings(given: SettingsPatch, before: Settings): Settings {
  const patch = restoreAddresses(withoutWebhooks(given, before), before);
  refuseSealed('proxy', patch.proxy, [before.proxy]);
  const beating = before.heartbeats.flatMap(({ url, failUrl }) => [url, failUrl]);
  for (const [index, { url, failUrl }] of (patch.heartbeats ?? []).entries()) {
    refuseSealed(`heartbeats.${index}.url`, url, beating);
    refuseSealed(`heartbeats.${index}.failUrl`, failUrl, beating);
  }
  for (const [index, report] of (patch.reports ?? []).entries())
    requireDestination(report, `reports.${index}.`);
  const channels = editedChannels(patch, before)?.map(withPlainAddresses);
  if (channels && channels.length > Math.max(maxChannels, before.channels.length))
    throw new SettingsFieldError('channels', `At most ${maxChannels} channels.`);
  const next = withReportsTo({ ...before, ...withoutUndefined({ ...patch, channels }) }, before.channels);
  return storable(settingsSchema, next);
}

/** Reports name the channels that they go to, also where some have new names. */
function withReportsTo(settings: Settings, before: Settings['channels']): Settings {
  const renamed = new Map(renamedEntries(before, settings.channels).map(({ from, to }) => [from, to]));
  if (renamed.size === 0) return settings;
  const reports = settings.reports.map((report) => ({
    ...report,
    channels: report.channels.map((name) => renamed.get(name) ?? name),
  }));
  return { ...settings, reports };
}

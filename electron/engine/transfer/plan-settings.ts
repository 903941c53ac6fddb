import { isDeepStrictEqual } from 'node:util';
import type { TransferChange } from '../../../shared/contract/transfer-report.ts';
import { maskAddress } from '../../../shared/domain/masked-address.ts';
import { toOneLine } from '../../../shared/domain/plain-text.ts';
import {
  type SettingsPatch,
  type ShownSettings,
  settingsPatchSchema,
} from '../../../shared/schema/settings.ts';
import { jobsProxyMessage, keepingByJobsProxy } from '../store/channel-secrets.ts';
import { inTurns } from '../turns.ts';
import { withoutPassword } from './addresses.ts';
import { carry } from './carry-secrets.ts';

/** What an import changes of the settings, and what becomes of each of them. */
export interface SettingsPlan {
  patch: SettingsPatch;
  changes: TransferChange[];
}

/** What is asked of this machine. */
interface Machine {
  /** Says why a change would be refused beside the settings of this machine; null: it would not. */
  refusal(patch: SettingsPatch): string | null;
  /** Returns where a channel of this machine sends its secrets; null: none has the name. */
  destination(name: string): string | null;
}

/** Entries of a list that an import reads: more than any list may have. */
const maxEntries = 1_000;
/** Entries that are planned before other things have their turn. */
const perTurn = 20;

type Fields = typeof settingsPatchSchema.shape;
type Field = keyof Fields;
type Named = { what: TransferChange['what']; key: 'name' | 'tag' };

/** Lists whose entries are imported one by one. */
const lists: Readonly<Partial<Record<Field, Named>>> = {
  tagRules: { what: 'tag rule', key: 'tag' },
  channels: { what: 'channel', key: 'name' },
  heartbeats: { what: 'heartbeat', key: 'name' },
  reports: { what: 'report', key: 'name' },
};

/** What stays as it is on each machine. */
const ownFields: readonly string[] = ['pause', 'quietUntil', 'api'];

/**
 * Decides what an import changes of the settings. Each setting, and each entry of a list, is validated by itself: what is not valid
 * is left out and named, and keeps nothing else from being imported. Nothing is deleted.
 * @param given settings as they stand in the file
 * @param before the settings of this machine; that channels keep secrets, never which
 * @param machine where it is imported
 */
export async function planSettings(
  given: Readonly<Record<string, unknown>>,
  before: ShownSettings,
  machine: Machine,
): Promise<SettingsPlan> {
  const plan: SettingsPlan = { patch: {}, changes: [] };
  for (const [field, value] of Object.entries(given)) {
    const name = toOneLine(field).slice(0, 60);
    if (ownFields.includes(field)) continue;
    if (!isField(field)) leaveOut(plan, 'setting', name, 'This version has no such setting.');
    else if (lists[field]) await planList(plan, field, value, before, machine);
    else planField(plan, field, value, before, machine);
  }
  keepProxyOfSecrets(plan, before);
  return plan;
}

/** Secrets of channels that use the proxy of checks were entered for the one of this machine. */
function keepProxyOfSecrets(plan: SettingsPlan, before: ShownSettings): void {
  const { proxy, ...rest } = plan.patch;
  if (proxy === undefined) return;
  const names = keepingByJobsProxy(rest.channels ?? before.channels, before.channels);
  if (names.length === 0) return;
  plan.patch = rest;
  plan.changes = plan.changes.map((change) =>
    change.what === 'setting' && change.name === 'proxy'
      ? { ...change, outcome: 'left-out', message: jobsProxyMessage(names) }
      : change,
  );
}

function isField(field: string): field is Field {
  return Object.hasOwn(settingsPatchSchema.shape, field);
}

function leaveOut(plan: SettingsPlan, what: TransferChange['what'], name: string, message: string): void {
  plan.changes.push({ what, name, outcome: 'left-out', message });
}

function planField(
  plan: SettingsPlan,
  field: Field,
  value: unknown,
  before: ShownSettings,
  machine: Machine,
): void {
  const parsed = settingsPatchSchema.shape[field].safeParse(value);
  if (!parsed.success) {
    leaveOut(plan, 'setting', field, reasonOf(parsed.error.issues));
    return;
  }
  const kept = field === 'proxy' ? keptProxy(parsed.data, before.proxy) : parsed.data;
  const isSame = isDeepStrictEqual(kept, before[field]);
  const refused = isSame ? null : machine.refusal({ [field]: kept });
  if (refused !== null) {
    leaveOut(plan, 'setting', field, refused);
    return;
  }
  if (!isSame) plan.patch = { ...plan.patch, [field]: kept };
  plan.changes.push({
    what: 'setting',
    name: field,
    outcome: isSame ? 'unchanged' : 'changed',
    message: field === 'proxy' && !isSame ? changedProxy(before.proxy, parsed.data) : null,
  });
}

/** Every check and some channels go by it. */
function changedProxy(before: string | null, after: unknown): string {
  const name = (proxy: unknown) => (typeof proxy === 'string' ? maskAddress(proxy) : 'none');
  return `${name(before)} here, ${name(after)} in the file.`;
}

/** The user and password of the proxy are not exported: those of this machine stay with the same proxy. */
function keptProxy(given: unknown, before: string | null): unknown {
  return before !== null && given === withoutPassword(before) ? before : given;
}

async function planList(
  plan: SettingsPlan,
  field: Field,
  value: unknown,
  before: ShownSettings,
  machine: Machine,
): Promise<void> {
  const { what, key } = lists[field] ?? { what: 'setting' as const, key: 'name' as const };
  if (!Array.isArray(value)) {
    leaveOut(plan, what, field, 'This is not a list.');
    return;
  }
  if (value.length > maxEntries) {
    leaveOut(plan, what, field, `A list has at most ${maxEntries.toLocaleString('en')} entries.`);
    return;
  }
  // SAFETY: the lists of settings hold objects with that key.
  const old = before[field] as unknown as Record<string, unknown>[];
  const entries = new Map(old.map((one) => [one[key], one]));
  const place = { what, key, field, machine };
  const changes: TransferChange[] = [];
  await inTurns(value, perTurn, (one) => changes.push(planEntry(place, one, changes.length, entries)));
  const whole = settingsPatchSchema.shape[field].safeParse([...entries.values()]);
  if (!whole.success) {
    leaveOut(plan, what, field, reasonOf(whole.error.issues));
    return;
  }
  plan.changes.push(...changes);
  if (!isDeepStrictEqual(whole.data, before[field])) plan.patch = { ...plan.patch, [field]: whole.data };
}

/** Decides what becomes of one entry of a list. @param entries those of this machine by their names; gets the entry */
function planEntry(
  { what, key, field, machine }: Named & { field: Field; machine: Machine },
  given: unknown,
  index: number,
  entries: Map<unknown, Record<string, unknown>>,
): TransferChange {
  const read = settingsPatchSchema.shape[field].safeParse([given]);
  if (!read.success) {
    const name = nameOf(given, key) ?? String(index + 1);
    return { what, name, outcome: 'left-out', message: reasonOf(read.error.issues) };
  }
  // SAFETY: a list of one was parsed.
  const [entry] = read.data as unknown as [Record<string, unknown>];
  const name = String(entry[key]);
  const old = entries.get(name);
  const carried = carry(field, entry, old, field === 'channels' ? machine.destination(name) : null);
  if (carried.entry === null) return { what, name, outcome: 'left-out', message: carried.message };
  // A machine's own entries stay: only the one that comes can be refused.
  const others = [...entries.values()].filter((one) => one !== old);
  const whyNot = (one: Record<string, unknown>) =>
    isDeepStrictEqual(one, old) ? null : machine.refusal({ [field]: [...others, one] });
  const refused = whyNot(carried.entry);
  // A channel of this machine that still waits for its secrets stays off.
  const off = { ...carried.entry, enabled: false };
  const isOff =
    refused !== null && field === 'channels' && old?.['enabled'] === false && whyNot(off) === null;
  if (refused !== null && !isOff) return { what, name, outcome: 'left-out', message: refused };
  const taken = isOff ? off : carried.entry;
  entries.set(name, taken);
  const changed = old === undefined ? 'added' : 'changed';
  return {
    ...{ what, name, outcome: isDeepStrictEqual(taken, old) ? 'unchanged' : changed },
    message: isOff ? 'Enter its secrets, then turn it on.' : carried.message,
  };
}

function nameOf(entry: unknown, key: string): string | null {
  if (typeof entry !== 'object' || entry === null || !(key in entry)) return null;
  // SAFETY: `in` has shown the key.
  const name = (entry as Record<string, unknown>)[key];
  return typeof name === 'string' && name !== '' ? toOneLine(name).slice(0, 60) : null;
}

export function reasonOf(issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
  const [issue] = issues;
  const path = (issue?.path ?? []).filter((part) => typeof part === 'string').map(String);
  const field = toOneLine(path.join('.')).slice(0, 120);
  return `${field === '' ? '' : `${field}: `}${(issue?.message ?? 'It cannot be read.').slice(0, 300)}`;
}

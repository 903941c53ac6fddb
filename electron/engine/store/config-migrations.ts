import { toOneLine, toPlainText } from '../../../shared/domain/plain-text.ts';
import { inheritedRules } from '../../../shared/schema/alert-rules.ts';
import { isRecord, type Stored } from './stored-record.ts';
import { webhooksToChannels } from './webhooks-to-channels.ts';

const lists = (value: unknown): unknown[] | undefined => (Array.isArray(value) ? value : undefined);
/** What is no object stays as it is, to be named by `salvage`. */
const each = (change: (entry: Stored) => Stored) => (entry: unknown) =>
  isRecord(entry) ? change(entry) : entry;
const text = (value: unknown, clean: (text: string) => string) =>
  typeof value === 'string' ? clean(value) : value;

/** Turns one version of the configuration into the next; the first entry turns version 1 into 2. */
export const configMigrations: readonly ((config: Stored) => Stored)[] = [
  // 2: pauses can end by themselves, and everything can be paused at once.
  ({ jobs, settings, ...rest }) => ({
    ...rest,
    // SAFETY: an older version wrote an object here; schemas check it after the migrations.
    settings: { ...(settings as Stored), pause: null },
    jobs: lists(jobs)?.map(each((job) => ({ ...job, pausedUntil: null }))) ?? jobs,
  }),
  // 3: jobs, tags and settings have rules of what is alerted.
  ({ jobs, ...rest }) => ({
    ...rest,
    jobs: lists(jobs)?.map(each((job) => ({ ...job, alerts: inheritedRules }))) ?? jobs,
  }),
  // 4: names and tags are one line, notes plain text; secrets are sealed for their field and host (config-secrets.ts reads both ways).
  ({ jobs, settings, ...rest }) => ({
    ...rest,
    // SAFETY: as above.
    settings: cleanSettings((settings ?? {}) as Stored),
    jobs: lists(jobs)?.map(each(cleanJob)) ?? jobs,
  }),
  // 5: sources keep jobs for the certificates that they find.
  ({ jobs, ...rest }) => ({
    ...rest,
    sources: [],
    jobs: lists(jobs)?.map(each((job) => ({ ...job, origin: null }))) ?? jobs,
  }),
  // 6: problems of a job can be accepted.
  ({ jobs, ...rest }) => ({
    ...rest,
    jobs: lists(jobs)?.map(each((job) => ({ ...job, accepted: [] }))) ?? jobs,
  }),
  // 7: rules can list further notification points. What has none inherits them, and so warns as before.
  ({ jobs, settings, ...rest }) => ({
    ...rest,
    // SAFETY: as above.
    settings: withTagRules((settings ?? {}) as Stored, withNotifyAt),
    jobs: lists(jobs)?.map(each(withNotifyAt)) ?? jobs,
  }),
  // 8: searches can be saved.
  (config) => ({ ...config, searches: [] }),
  // 9: a search can have hours in which it may run.
  ({ searches, ...rest }) => ({
    ...rest,
    searches: lists(searches)?.map(each((search) => ({ ...search, hours: null }))) ?? searches,
  }),
  // 10: a search can ask for the names of addresses.
  ({ searches, ...rest }) => ({
    ...rest,
    searches: lists(searches)?.map(each((search) => ({ ...search, reverseDns: false }))) ?? searches,
  }),
  // 11: a search can read hosts from DNS.
  ({ searches, ...rest }) => ({
    ...rest,
    searches: lists(searches)?.map(each((search) => ({ ...search, dns: [] }))) ?? searches,
  }),
  // 12: webhooks are channels.
  ({ settings, ...rest }) => ({
    ...rest,
    settings: isRecord(settings) ? webhooksToChannels(settings) : settings,
  }),
];

function withTagRules(settings: Stored, change: (ruled: Stored) => Stored): Stored {
  const { tagRules } = settings;
  return {
    ...change(settings),
    ...(tagRules === undefined ? {} : { tagRules: lists(tagRules)?.map(each(change)) ?? tagRules }),
  };
}

/** What has no rules yet, or unreadable ones, stays so. */
function withNotifyAt(ruled: Stored): Stored {
  const { alerts } = ruled;
  const isObject = typeof alerts === 'object' && alerts !== null;
  return isObject ? { ...ruled, alerts: { ...alerts, notifyAt: null } } : ruled;
}

function cleanJob(job: Stored): Stored {
  return {
    ...job,
    name: text(job['name'], toOneLine),
    notes: text(job['notes'], toPlainText),
    tags: Array.isArray(job['tags']) ? job['tags'].map(cleanTag).filter((tag) => tag !== '') : job['tags'],
  };
}

function cleanTag(tag: unknown): unknown {
  return text(tag, toOneLine);
}

function cleanSettings(settings: Stored): Stored {
  const { tagRules, webhooks, ...rest } = settings;
  return {
    ...rest,
    ...(tagRules === undefined ? {} : { tagRules: withDistinct(lists(tagRules), 'tag') ?? tagRules }),
    ...(webhooks === undefined ? {} : { webhooks: withDistinct(lists(webhooks), 'name') ?? webhooks }),
  };
}

/** Entries with a cleaned name each, told apart by a number where cleaning made two of them the same. */
function withDistinct(entries: unknown[] | undefined, field: 'tag' | 'name'): unknown[] | undefined {
  const taken = new Set<string>();
  const distinct = each((entry) => {
    const before = entry[field];
    if (typeof before !== 'string') return entry;
    const cleaned = toOneLine(before).slice(0, 55) || field;
    let name = before === toOneLine(before) ? before : cleaned;
    for (let number = 2; taken.has(name); number += 1) name = `${cleaned} ${number}`;
    taken.add(name);
    return { ...entry, [field]: name };
  });
  return entries?.map(distinct);
}

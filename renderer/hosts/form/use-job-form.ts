import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { ORPCError } from '@orpc/client';
import { useMemo, useState } from 'react';
import type { JobInput, JobView } from '../../../shared/schema/job.ts';
import { targetKey } from '../../../shared/schema/target.ts';
import { count } from '../../../shared/text/words.ts';
import { useApi } from '../../lib/api-context.tsx';
import { issuesOf } from '../../lib/issues.ts';
import { sentenceOf } from '../../lib/report-failure.ts';
import { showJob } from '../../lib/use-route.ts';
import { hasManyLines, invalidLines, readAddressLines } from './address-lines.ts';
import { mergeEdits } from './conflict.ts';
import { type SectionKey, sectionOf } from './form-sections.tsx';
import {
  emptyForm,
  type Field,
  type FieldErrors,
  type FormValues,
  fieldFor,
  formOf,
  jobOf,
} from './form-values.ts';

interface Conflict {
  mine: FormValues;
  theirs: FormValues;
}

/**
 * The state of the form for hosts: values, errors, duplicates, conflicts and saving.
 * @param job the job to edit; null to add
 * @param jobs existing jobs, to find duplicates
 */
export function useJobForm(
  job: JobView | null,
  jobs: readonly JobView[],
  example: string | null,
  onClose: () => void,
) {
  const api = useApi();
  const [base, setBase] = useState(() => (job ? formOf(job) : { ...emptyForm, address: example ?? '' }));
  const form = useForm<FormValues>({ initialValues: base });
  const [revision, setRevision] = useState(job?.revision);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [open, setOpen] = useState<ReadonlySet<SectionKey>>(new Set());
  /** The address of a duplicate that may be added all the same. */
  const [allowed, setAllowed] = useState<string | null>(null);
  const { address } = form.values;

  const isMany = job === null && hasManyLines(address);
  const known = useMemo(() => new Map(jobs.map((one) => [targetKey(one.target), one])), [jobs]);
  const lines = useMemo(
    () => (isMany ? readAddressLines(address, new Set(known.keys())) : []),
    [isMany, address, known],
  );
  const fresh = lines.filter((line) => line.kind === 'new');
  const duplicate = job === null && !isMany && allowed !== address ? findDuplicate(form.values, known) : null;

  const showErrors = (errors: FieldErrors): void => {
    form.setErrors(errors);
    // SAFETY: the keys of FieldErrors are fields.
    const sections = (Object.keys(errors) as Field[]).flatMap((field) => sectionOf(field) ?? []);
    if (sections.length > 0) setOpen(new Set([...open, ...sections]));
  };
  /** Shows the engine's errors at their fields. Returns whether there were any. */
  const showRefusal = (error: unknown): boolean => {
    const errors = Object.fromEntries(
      issuesOf(error).map(({ path = [], message }) => [fieldFor(path), message]),
    );
    showErrors(errors);
    return Object.keys(errors).length > 0;
  };
  const read = (): JobInput | null => {
    const result = jobOf(form.values, job?.alerts);
    showErrors(result.ok ? {} : result.errors);
    return result.ok ? result.job : null;
  };

  const saveMany = async () => {
    const results = fresh.map(({ text }) => jobOf({ ...form.values, address: text, name: '' }));
    // Only valid addresses are among them: what is invalid is the same for all.
    const invalid = results.find((one) => !one.ok);
    if (invalid && !invalid.ok) return showErrors(invalid.errors);
    const inputs = results.flatMap((one) => (one.ok ? [one.job] : []));
    const { added } = await api.jobs.import({ body: { jobs: inputs } });
    notifications.show({ message: `${count(added, 'host')} added. The first checks are running.` });
    const rest = invalidLines(address, lines);
    if (rest === '') return onClose();
    // What failed stays in the box, where it can be mended.
    form.setFieldValue('address', rest);
  };
  const saveOne = async () => {
    const input = read();
    if (!input) return;
    const saved = job ? await api.jobs.edit({ id: job.id, revision, ...input }) : await api.jobs.add(input);
    onClose();
    showJob(saved.id);
  };
  /** The job was saved elsewhere first: merges both edits and shows where they differ. */
  const meet = async ({ id }: JobView) => {
    const current = await api.jobs.get({ id });
    const theirs = formOf(current);
    const mine = mergeEdits(base, form.values, theirs);
    form.setValues(mine);
    setBase(theirs);
    setRevision(current.revision);
    setConflict({ mine, theirs });
  };
  const save = async () => {
    if (duplicate) return;
    setSaving(true);
    setFailure(null);
    form.clearErrors();
    try {
      await (isMany ? saveMany() : saveOne());
    } catch (error) {
      const isConflict = error instanceof ORPCError && error.status === 412;
      if (isConflict && job) await meet(job).catch((reason: unknown) => setFailure(sentenceOf(reason)));
      else if (!showRefusal(error)) setFailure(sentenceOf(error));
    } finally {
      setSaving(false);
    }
  };
  return {
    form,
    read,
    save,
    showRefusal,
    isSaving,
    failure,
    isMany,
    lines,
    fresh,
    duplicate,
    conflict,
    open,
    allowDuplicate: () => setAllowed(address),
    toggle: (key: SectionKey) =>
      setOpen(new Set([...open].filter((one) => one !== key).concat(open.has(key) ? [] : key))),
  };
}

function findDuplicate(values: FormValues, known: ReadonlyMap<string, JobView>): JobView | null {
  if (values.address.trim() === '') return null;
  // With the other fields at their defaults, so that an error in one of them hides no duplicate.
  const { address, starttls, servername, passphraseFile } = values;
  const read = jobOf({ ...emptyForm, address, starttls, servername, passphraseFile });
  if (!read.ok) return null;
  const { target } = read.job;
  if (target.file !== undefined)
    return known.get(targetKey({ file: target.file, passphraseFile: null })) ?? null;
  const { host = '', port = 443, servername: sni = null, starttls: protocol = null } = target;
  return known.get(targetKey({ host, port, servername: sni, starttls: protocol })) ?? null;
}

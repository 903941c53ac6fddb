import { Group, Stack, TextInput } from '@mantine/core';
import { useEffect, useEffectEvent, useMemo } from 'react';
import { jobName } from '../../../shared/domain/job-name.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import type { Outlook } from '../../../shared/schema/schedule.ts';
import { isFileTarget } from '../../../shared/schema/target.ts';
import { BrowseButton } from '../../components/browse-button.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { TagField } from '../../components/tag-field.tsx';
import { showJob } from '../../lib/use-route.ts';
import { countTags } from '../list/filters.ts';
import { useTry } from '../list/try-it.tsx';
import { AddressField } from './address-field.tsx';
import { ConflictPanel } from './conflict-panel.tsx';
import { FormSections } from './form-sections.tsx';
import { scheduleOf, thresholdsOf } from './form-values.ts';
import { LineList } from './line-list.tsx';
import { readAddress } from './read-address.ts';
import { NextChecks, ScheduleFields } from './schedule-fields.tsx';
import { useJobForm } from './use-job-form.ts';

interface JobFormProps {
  /** The job to edit; null to add one. */
  job: JobView | null;
  /** Existing jobs, to find duplicates. */
  jobs: readonly JobView[];
  /** An address to start with, which is tested at once; null: none. */
  example?: string | null;
  /** Addresses that were dropped or pasted; empty: none. */
  text?: string;
  onClose: () => void;
}

/** Adds hosts or edits one. Only the address is required; the rest is folded away. */
export function JobForm({ job, jobs, example = null, text = '', onClose }: JobFormProps) {
  const state = useJobForm(job, jobs, example, onClose);
  const { form, isMany, lines, fresh, duplicate, conflict } = state;
  const trial = useTry({ read: state.read, onRefused: state.showRefusal });
  const tryAtOnce = useEffectEvent(() => void trial.run());
  useEffect(() => {
    if (example !== null) tryAtOnce();
  }, [example]);
  const fill = useEffectEvent(() => form.setFieldValue('address', text));
  useEffect(() => {
    if (text !== '') fill();
  }, [text]);
  const tags = useMemo(() => countTags(jobs).map(([tag]) => tag), [jobs]);
  const address = readAddress(form.values.address);
  const isFile = !isMany && address.ok && isFileTarget(address.target);
  return (
    <FormDialog
      title={job ? `Edit ${jobName(job)}` : `Add ${isMany ? 'hosts' : 'host'}`}
      size="lg"
      isDirty={form.isDirty()}
      isSaving={state.isSaving}
      saveLabel={job ? 'Save' : `Add${isMany ? ` ${fresh.length.toLocaleString('en')}` : ''}`}
      canSave={(!isMany || fresh.length > 0) && duplicate === null}
      failure={state.failure}
      errors={Object.keys(form.errors).length}
      actions={isMany ? undefined : trial.button}
      onSave={() => void state.save()}
      onClose={onClose}
    >
      {conflict && (
        <ConflictPanel {...conflict} values={form.values} onChoose={(values) => form.setValues(values)} />
      )}
      <AddressField
        form={form}
        canBeMany={job === null}
        isMany={isMany}
        duplicate={duplicate}
        onChange={trial.forget}
        onOpen={({ id }) => {
          onClose();
          showJob(id);
        }}
        onAllow={state.allowDuplicate}
      />
      {isMany && <LineList lines={lines} />}
      {trial.shown}
      {!isMany && (
        <Group grow align="flex-start">
          <TextInput label="Display name" placeholder="Same as the address" {...form.getInputProps('name')} />
          {isFile && (
            <Stack gap={4}>
              <TextInput
                label="Passphrase file"
                description="For PKCS#12: a file whose first line is the passphrase"
                inputWrapperOrder={['label', 'input', 'error', 'description']}
                spellCheck={false}
                {...form.getInputProps('passphraseFile')}
              />
              <BrowseButton
                what="file"
                purpose="for the passphrase"
                onChosen={([chosen = '']) => form.setFieldValue('passphraseFile', chosen)}
              />
            </Stack>
          )}
        </Group>
      )}
      <ScheduleFields type={form.values.scheduleType} input={(field) => form.getInputProps(field)} />
      <NextChecks
        schedule={scheduleOf(form.values)}
        outlook={outlookOf(job)}
        thresholds={thresholdsOf(form.values)}
        hasError={['pattern', 'timezone', 'minutes'].some((field) => field in form.errors)}
      />
      <TagField label="Tags" known={tags} {...form.getInputProps('tags')} value={form.values.tags} />
      <FormSections form={form} job={job} open={state.open} onToggle={state.toggle} />
    </FormDialog>
  );
}

/** What an adaptive schedule follows. */
function outlookOf(job: JobView | null): Outlook {
  const time = (iso: string | null | undefined) => (iso ? Date.parse(iso) : null);
  const last = job?.lastCheck;
  return {
    validFrom: time(last?.validFrom),
    validTo: time(last?.expiresAt),
    renewalAt: time(last?.expectedRenewalAt),
  };
}

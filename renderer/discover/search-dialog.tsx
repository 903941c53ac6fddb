import { Checkbox, Switch, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { nameFormats } from '../../shared/domain/discovery/name-formats.ts';
import { describeSchedule } from '../../shared/schema/describe-schedule.ts';
import type { SavedSearchView } from '../../shared/schema/saved-search.ts';
import { parseSchedule } from '../../shared/schema/schedule.ts';
import { FormDialog } from '../components/form-dialog.tsx';
import { TagField } from '../components/tag-field.tsx';
import { useApi } from '../lib/api-context.tsx';
import { useSaving } from '../lib/use-saving.ts';
import { PlanPreview } from './plan-preview.tsx';
import { formValues, readForm, type SearchFormValues } from './search-form.ts';

interface SearchDialogProps {
  /** Null: a new search. */
  search: SavedSearchView | null;
  /** Fills in a new search; null: it is empty. */
  network: string | null;
  knownTags: readonly string[];
  onClose: () => void;
}

const fieldOf: Readonly<Record<string, keyof SearchFormValues>> = {
  addTags: 'tags',
  onFind: 'adds',
};

/** Adds or edits a saved search, and shows its plan while it is typed. */
export function SearchDialog({ search, network, knownTags, onClose }: SearchDialogProps) {
  const api = useApi();
  const form = useForm<SearchFormValues>({ initialValues: formValues(search, network) });
  const read = readForm(form.values, search);
  const { isSaving, failure, save } = useSaving(
    form.setFieldError,
    onClose,
    (field) => fieldOf[field] ?? field,
  );
  const send = () => {
    if (!read.ok) {
      form.setFieldError(read.field, read.message);
      return;
    }
    const { limits: _limits, ...fields } = read.input;
    void save(() =>
      search
        ? api.discoveries.edit({ id: search.id, revision: search.revision, ...fields })
        : api.discoveries.add(read.input),
    );
  };
  return (
    <FormDialog
      title={search ? `Edit ${search.name}` : 'New search'}
      size="lg"
      isDirty={form.isDirty()}
      isSaving={isSaving}
      saveLabel="Save"
      errors={Object.keys(form.errors).length}
      failure={failure}
      onSave={send}
      onClose={onClose}
    >
      <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
      <Textarea
        label="Targets"
        description="Networks, ranges, addresses and host names, with or without a port (one per line)"
        placeholder={'10.0.0.0/24\n10.0.1.5-20\nmail.corp'}
        autosize
        minRows={3}
        maxRows={8}
        {...form.getInputProps('targets')}
      />
      <TextInput
        label="Ports"
        description="Numbers, ranges, and sets: usual, web, mail, infra, databases"
        {...form.getInputProps('ports')}
      />
      <PlanPreview input={read.ok ? read.input : null} />
      <TextInput
        label="Schedule"
        description={scheduleWords(form.values.schedule)}
        placeholder="0 3 * * 1"
        {...form.getInputProps('schedule')}
      />
      <TextInput
        label="Hours"
        description="Hours of the day in which the search may run. Leave it empty to allow any time."
        placeholder="22:00-06:00"
        {...form.getInputProps('hours')}
      />
      <Textarea
        label="Exclude"
        description="Ranges, hosts, HOST:PORT, :PORT and *.NAME (one per line)"
        autosize
        minRows={1}
        maxRows={6}
        {...form.getInputProps('exclude')}
      />
      <Textarea
        label="Names"
        description="Names to request at every address, for servers that need one (one per line)"
        autosize
        minRows={1}
        maxRows={6}
        {...form.getInputProps('names')}
      />
      <Textarea
        label="Files with hosts"
        description={`Read at each run: FORMAT:PATH, one per line. FORMAT is auto, ${nameFormats.join(', ')}.`}
        placeholder="nginx:/etc/nginx/nginx.conf"
        autosize
        minRows={1}
        maxRows={6}
        {...form.getInputProps('files')}
      />
      <Textarea
        label="Domains"
        description="Hosts that DNS records name: DOMAIN looks them up, DOMAIN@SERVER transfers the zone from a name server (one per line)"
        placeholder="corp.example@ns1.corp.example"
        autosize
        minRows={1}
        maxRows={6}
        {...form.getInputProps('dns')}
      />
      <Checkbox
        label="Search the names in the certificates of watched hosts, too"
        {...form.getInputProps('watched', { type: 'checkbox' })}
      />
      <Checkbox
        label="Request the names that DNS has for an address, too"
        description="The name server learns which addresses are searched."
        {...form.getInputProps('reverseDns', { type: 'checkbox' })}
      />
      <Switch
        label="Add new finds as hosts without review"
        {...form.getInputProps('adds', { type: 'checkbox' })}
      />
      <TagField
        label="Tags for hosts that it adds"
        known={knownTags}
        {...form.getInputProps('tags')}
        value={form.values.tags}
      />
      <Switch
        label="Send one message when something is new, changed or vanished"
        {...form.getInputProps('notify', { type: 'checkbox' })}
      />
    </FormDialog>
  );
}

function scheduleWords(text: string): string {
  const usual = 'Minutes or a cron pattern. Leave it empty to run the search only when you start it.';
  if (text.trim() === '') return usual;
  const parsed = parseSchedule(text);
  return parsed.ok && parsed.schedule.type !== 'adaptive'
    ? `Runs ${describeSchedule(parsed.schedule)}`
    : usual;
}

import { Button, Group, MultiSelect, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useCallback, useEffect, useState } from 'react';
import type { SourcePatch, SourceView } from '../../shared/schema/source.ts';
import { count } from '../../shared/text/words.ts';
import { BrowseButton, withPaths } from '../components/browse-button.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { useApi, useEngineEvent, useReconnected } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import { useSaving } from '../lib/use-saving.ts';
import { NamedList } from './named-list.tsx';
import classes from './settings.module.css';

const roles = [
  { value: 'leaf', label: 'Server and client certificates' },
  { value: 'ca', label: 'CAs that issued one of the same file' },
  { value: 'anchor', label: 'Other CAs' },
] as const;

/** Folders and files whose certificates are watched, each like a host. */
export function SourceSettings() {
  const api = useApi();
  const { sources, refresh } = useSources();
  /** The source in the dialog; null for a new one, undefined while no dialog is open. */
  const [edited, setEdited] = useState<SourceView | null | undefined>(undefined);
  const then = async (work: Promise<unknown>, failure: string) => {
    await reportFailure(work, failure);
    refresh();
  };
  return (
    <section className={classes['part']} id="settings-sources" aria-labelledby="settings-sources-title">
      <h3 id="settings-sources-title">Certificate files</h3>
      <Text size="sm" className="dim" mb="xs">
        NotAfter watches every certificate in these folders and files, and follows renewals.
      </Text>
      <NamedList
        tryLabel="Scan"
        items={sources.map((source) => ({
          name: source.name,
          words: describe(source),
          onTry: () => void then(api.sources.scan({ id: source.id }), `Could not scan ${source.name}`),
          onEdit: () => setEdited(source),
          onRemove: () => void then(api.sources.remove({ id: source.id }), `Could not remove ${source.name}`),
        }))}
      />
      <Button variant="default" onClick={() => setEdited(null)}>
        Add folder or files…
      </Button>
      {edited !== undefined && (
        <SourceDialog
          source={edited}
          onClose={() => setEdited(undefined)}
          onSaved={() => {
            setEdited(undefined);
            refresh();
          }}
        />
      )}
    </section>
  );
}

/** Reads the sources, and again whenever one of them changed. */
function useSources() {
  const api = useApi();
  const [sources, setSources] = useState<readonly SourceView[]>([]);
  const refresh = useCallback(() => {
    // What cannot be read is shown as it was: the banner says that the connection is lost.
    api.sources.list().then(
      ({ items }) => setSources(items),
      () => undefined,
    );
  }, [api]);
  useEffect(refresh, [refresh]);
  useReconnected(refresh);
  useEngineEvent('source-changed', refresh);
  useEngineEvent('source-removed', refresh);
  return { sources, refresh };
}

interface SourceDialogProps {
  source: SourceView | null;
  onClose: () => void;
  onSaved: () => void;
}

const linesOf = (text: string, separator = '\n') =>
  text
    .split(separator)
    .map((one) => one.trim())
    .filter(Boolean);

function SourceDialog({ source, onClose, onSaved }: SourceDialogProps) {
  const api = useApi();
  const form = useForm({
    initialValues: {
      name: source?.name ?? '',
      paths: source?.paths.join('\n') ?? '',
      roles: source?.roles ?? ['leaf' as const],
      tags: source?.tags.join(', ') ?? '',
    },
  });
  const { isSaving, failure, save } = useSaving(form.setFieldError, onSaved);
  const send = ({ name, paths, roles: watched, tags }: typeof form.values) => {
    const fields = {
      name: name.trim(),
      paths: linesOf(paths),
      roles: watched,
      tags: linesOf(tags, ','),
    } satisfies SourcePatch;
    return save(() => (source ? api.sources.edit({ id: source.id, ...fields }) : api.sources.add(fields)));
  };
  return (
    <FormDialog
      title={source ? `Edit ${source.name}` : 'Add certificate files'}
      size="lg"
      isDirty={form.isDirty()}
      isSaving={isSaving}
      saveLabel="Save"
      errors={Object.keys(form.errors).length}
      failure={failure}
      onSave={() => void send(form.values)}
      onClose={onClose}
    >
      <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
      <Textarea
        label="Paths"
        description="Folders, files, keystores and patterns such as /etc/haproxy/*.pem (one per line)"
        placeholder="/etc/letsencrypt/live"
        autosize
        minRows={2}
        spellCheck={false}
        {...form.getInputProps('paths')}
      />
      <Group gap="xs">
        {(['folder', 'files'] as const).map((what) => (
          <BrowseButton
            key={what}
            what={what}
            purpose="to watch"
            onChosen={(paths) => form.setFieldValue('paths', withPaths(form.values.paths, paths))}
          />
        ))}
      </Group>
      <MultiSelect label="Watch" data={[...roles]} {...form.getInputProps('roles')} />
      <TextInput label="Tags (separated by commas)" {...form.getInputProps('tags')} />
    </FormDialog>
  );
}

function describe({ entries, files, scanning, scannedAt, warnings, paths }: SourceView): string {
  const looked =
    scanning || scannedAt === null
      ? 'being scanned'
      : `${count(entries, 'certificate')} in ${count(files, 'file')}`;
  return [looked, paths.join(', '), ...warnings].join(' · ');
}

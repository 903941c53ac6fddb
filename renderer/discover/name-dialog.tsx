import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { isIpv6 } from '../../shared/domain/target.ts';
import type { KeptFind, SavedSearchView } from '../../shared/schema/saved-search.ts';
import { FormDialog } from '../components/form-dialog.tsx';
import { useApi } from '../lib/api-context.tsx';
import { issuesOf } from '../lib/issues.ts';
import { sentenceOf } from '../lib/report-failure.ts';

interface NameDialogProps {
  find: KeptFind;
  searches: readonly SavedSearchView[];
  onClose: () => void;
}

/** Adds a name to the search that found a server which needs one, and runs it again. */
export function NameDialog({ find, searches, onClose }: NameDialogProps) {
  const api = useApi();
  const [name, setName] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const { address, port, discoveryId } = find;
  const search = searches.find(({ id }) => id === discoveryId);
  const save = async () => {
    if (!search) return;
    setSaving(true);
    setFailure(null);
    try {
      const { id, revision, names } = search;
      await api.discoveries.edit({ id, revision, names: [...names, name.trim()] });
      await api.discoveries.run({ id });
      onClose();
    } catch (error) {
      setFailure(issuesOf(error)[0]?.message ?? sentenceOf(error));
    } finally {
      setSaving(false);
    }
  };
  return (
    <FormDialog
      title={`Request a name at ${isIpv6(address) ? `[${address}]` : address}:${port}`}
      isDirty={name !== ''}
      isSaving={isSaving}
      canSave={name.trim() !== ''}
      saveLabel="Save and run"
      failure={failure}
      onSave={() => void save()}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description={`The search ${search?.name ?? ''} requests it at every address from now on.`}
        placeholder="www.example.com"
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

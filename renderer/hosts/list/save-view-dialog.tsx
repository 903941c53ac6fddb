import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from '../../components/form-dialog.tsx';
import type { SavedViews } from '../use-saved-views.ts';

interface SaveViewDialogProps {
  query: string;
  views: SavedViews;
  onClose: () => void;
}

/** Asks for the name under which the list as it is appears in the sidebar. */
export function SaveViewDialog({ query, views, onClose }: SaveViewDialogProps) {
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const replaced = views.all.some((view) => view.name === name.trim());
  const save = async () => {
    if (name.trim() === '') setError('Give the view a name.');
    else if (await views.save({ name: name.trim(), query })) onClose();
  };
  return (
    <FormDialog
      title="Save view"
      isDirty={name !== ''}
      saveLabel={replaced ? 'Replace view' : 'Save view'}
      errors={error === null ? 0 : 1}
      onSave={() => void save()}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="The sidebar shows this filter, order and grouping under the name."
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        maxLength={60}
        data-autofocus
        value={name}
        error={error}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setError(null);
        }}
      />
    </FormDialog>
  );
}

import { Button, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { inheritedRules, type TagRules } from '../../shared/schema/alert-rules.ts';
import { formatNotifyAt, formatThreshold } from '../../shared/schema/thresholds.ts';
import { list } from '../../shared/text/words.ts';
import { FormDialog } from '../components/form-dialog.tsx';
import { RulesFields } from '../components/rules-fields.tsx';
import { emptyRules, type RulesForm, readRules, rulesForm, silenceable } from '../components/rules-form.ts';
import { NamedList } from './named-list.tsx';
import classes from './settings.module.css';
import { errorAt, type SettingsPartProps } from './settings-errors.ts';

/** Rules for all hosts with a tag. They win over the settings; a host's own rules win over them. */
export function TagSettings({ settings, errors, onSave }: SettingsPartProps) {
  const { tagRules } = settings;
  /** The rules in the dialog; null for a new tag, undefined while no dialog is open. */
  const [edited, setEdited] = useState<TagRules | null | undefined>(undefined);
  return (
    <section className={classes['part']} id="settings-tags" aria-labelledby="settings-tags-title">
      <h3 id="settings-tags-title">Tag rules</h3>
      <Text size="sm" className="dim" mb="xs">
        Rules for all hosts with a tag. A host’s own settings win.
      </Text>
      <NamedList
        items={tagRules.map((rules) => ({
          name: rules.tag,
          words: describe(rules),
          onEdit: () => setEdited(rules),
          onRemove: () => void onSave({ tagRules: tagRules.filter(({ tag }) => tag !== rules.tag) }),
        }))}
      />
      <Button variant="default" onClick={() => setEdited(null)}>
        Add tag rule…
      </Button>
      {edited !== undefined && (
        <TagDialog
          rules={edited}
          taken={tagRules.map(({ tag }) => tag).filter((tag) => tag !== edited?.tag)}
          error={errorAt(errors, 'tagRules')}
          onClose={() => setEdited(undefined)}
          onSave={async (rules) => {
            const others = tagRules.filter(({ tag }) => tag !== edited?.tag);
            if (await onSave({ tagRules: [...others, rules] })) setEdited(undefined);
          }}
        />
      )}
    </section>
  );
}

interface TagDialogProps {
  rules: TagRules | null;
  /** Tags that already have rules. */
  taken: readonly string[];
  error: string | undefined;
  onClose: () => void;
  onSave: (rules: TagRules) => Promise<void>;
}

function TagDialog({ rules, taken, error, onClose, onSave }: TagDialogProps) {
  const form = useForm<{ tag: string; rules: RulesForm }>({
    initialValues: { tag: rules?.tag ?? '', rules: rules ? rulesForm(rules) : emptyRules },
  });
  const save = async ({ tag, rules: written }: { tag: string; rules: RulesForm }) => {
    const name = tag.trim();
    const read = readRules(written, rules?.alerts ?? inheritedRules);
    const takenError = taken.includes(name)
      ? 'This tag already has rules. Edit those, or enter another tag.'
      : null;
    const tagError = name === '' ? 'Enter a tag.' : takenError;
    if (tagError) form.setFieldError('tag', tagError);
    if (!read.ok) {
      for (const [field, message] of Object.entries(read.errors))
        form.setFieldError(`rules.${field}`, message);
      return;
    }
    if (!tagError) await onSave({ tag: name, thresholds: read.thresholds, alerts: read.alerts });
  };
  return (
    <FormDialog
      title={rules ? `Edit rules for ${rules.tag}` : 'Add tag rule'}
      size="lg"
      isDirty={form.isDirty()}
      saveLabel="Save"
      errors={Object.keys(form.errors).length}
      failure={error ?? null}
      onSave={() => void save(form.values)}
      onClose={onClose}
    >
      <TextInput label="Tag" data-autofocus {...form.getInputProps('tag')} />
      <RulesFields input={(field) => form.getInputProps(`rules.${field}`)} />
    </FormDialog>
  );
}

/** Describes a tag's rules in one line. */
function describe({ thresholds: { warning, critical }, alerts }: TagRules): string {
  const silenced = silenceable.filter(({ value }) => alerts[value] === false);
  const parts = [
    ...(warning ? [`warns below ${formatThreshold(warning)}`] : []),
    ...(critical ? [`critical below ${formatThreshold(critical)}`] : []),
    ...(alerts.notifyAt ? [`also notifies at ${formatNotifyAt(alerts.notifyAt)}`] : []),
    ...(silenced.length > 0
      ? [`no alerts about ${list(silenced.map(({ label }) => label.toLowerCase()))}`]
      : []),
    ...(alerts.unreachableMinutes === null ? [] : [`unreachable after ${alerts.unreachableMinutes} minutes`]),
    ...(alerts.maintenance ? ['maintenance windows'] : []),
  ];
  return parts.length === 0 ? 'no changes' : parts.join(', ');
}

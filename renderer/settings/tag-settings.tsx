import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { inheritedRules, type TagRules } from '../../shared/schema/alert-rules.ts';
import { formatThreshold } from '../../shared/schema/thresholds.ts';
import { list } from '../../shared/text/words.ts';
import { RulesFields } from '../components/rules-fields.tsx';
import { emptyRules, mutable, type RulesForm, readRules, rulesForm } from '../components/rules-form.ts';
import { useKeepPage } from '../lib/use-keep-page.ts';
import { NamedList } from './named-list.tsx';
import classes from './settings.module.css';
import type { SettingsPartProps } from './settings-errors.ts';

/** Rules for all hosts with a tag. They win over the settings; a host's own rules win over them. */
export function TagSettings({ settings, onSave }: Pick<SettingsPartProps, 'settings' | 'onSave'>) {
  const { tagRules } = settings;
  /** The rules in the dialog; null for a new tag, undefined while no dialog is open. */
  const [edited, setEdited] = useState<TagRules | null | undefined>(undefined);
  return (
    <section className={classes['part']} aria-labelledby="settings-tags">
      <h3 id="settings-tags">Tag rules</h3>
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
  onClose: () => void;
  onSave: (rules: TagRules) => Promise<void>;
}

function TagDialog({ rules, taken, onClose, onSave }: TagDialogProps) {
  const form = useForm<{ tag: string; rules: RulesForm }>({
    initialValues: { tag: rules?.tag ?? '', rules: rules ? rulesForm(rules) : emptyRules },
  });
  useKeepPage(form.isDirty());
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
    <Modal opened onClose={onClose} size="lg" title={rules ? `Edit rules for ${rules.tag}` : 'Add tag rule'}>
      <form onSubmit={form.onSubmit((values) => void save(values))} noValidate>
        <Stack gap="sm">
          <TextInput label="Tag" data-autofocus {...form.getInputProps('tag')} />
          <RulesFields input={(field) => form.getInputProps(`rules.${field}`)} />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" size="sm" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" size="sm">
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Describes a tag's rules in one line. */
function describe({ thresholds: { warning, critical }, alerts }: TagRules): string {
  const muted = mutable.filter(({ value }) => alerts[value] === false);
  const parts = [
    ...(warning ? [`warns below ${formatThreshold(warning)}`] : []),
    ...(critical ? [`critical below ${formatThreshold(critical)}`] : []),
    ...(muted.length > 0 ? [`no alerts about ${list(muted.map(({ label }) => label.toLowerCase()))}`] : []),
    ...(alerts.unreachableMinutes === null ? [] : [`unreachable after ${alerts.unreachableMinutes} minutes`]),
    ...(alerts.maintenance ? ['maintenance windows'] : []),
  ];
  return parts.length === 0 ? 'no changes' : parts.join(', ');
}

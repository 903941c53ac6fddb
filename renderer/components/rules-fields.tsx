import { Group, MultiSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { mutable, type RulesForm } from './rules-form.ts';

/** What Mantine's inputs take: a value or a default, what is called on change or blur, an error. */
// biome-ignore lint/suspicious/noExplicitAny: the type of Mantine's own getInputProps.
type InputProps = Record<string, any>;

interface RulesFieldsProps {
  input: (field: keyof RulesForm) => InputProps;
  /** Whether further out stands nothing but NotAfter's defaults. */
  isOutermost?: boolean;
}

/** Thresholds, and what is alerted. */
export function RulesFields({ input, isOutermost = false }: RulesFieldsProps) {
  const otherwise = isOutermost ? '' : ' Rules of tags and settings come first.';
  return (
    <>
      <Group grow align="flex-start">
        <TextInput
          label="Warn below"
          placeholder={isOutermost ? 'Default: ⅓ of lifetime, max 30 days' : 'Default'}
          title={`Days, such as 20, or a share of the lifetime, such as 30 %. The default is a third of the lifetime, at most 30 days.${otherwise}`}
          {...input('warning')}
        />
        <TextInput
          label="Critical below"
          placeholder={isOutermost ? 'Default: ⅒ of lifetime, max 7 days' : 'Default'}
          title={`Days, such as 5, or a share of the lifetime, such as 10 %. The default is a tenth of the lifetime, at most 7 days.${otherwise}`}
          {...input('critical')}
        />
      </Group>
      <Group grow align="flex-start">
        <MultiSelect
          label="Don’t alert about"
          placeholder="Alert about everything"
          data={mutable}
          clearable
          {...input('muted')}
        />
        <NumberInput
          label="Alert when unreachable for (minutes)"
          placeholder="20"
          min={0}
          {...input('unreachableMinutes')}
        />
      </Group>
      <Textarea
        label="Maintenance windows"
        description="No alerts during these times (one per line): Sun 02:00-04:00, Mon-Fri 22:00-06:00 Europe/Berlin, 2026-11-26 02:00-04:00"
        autosize
        minRows={1}
        spellCheck={false}
        {...input('maintenance')}
      />
    </>
  );
}

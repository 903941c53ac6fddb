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
  const otherwise = isOutermost ? '' : ', or what tags and settings say';
  return (
    <>
      <Group grow align="flex-start">
        <TextInput
          label="Warn below"
          placeholder={`A third of its life, 30 days${isOutermost ? '' : '…'}`}
          title={`Days, or a share such as 30 %. A third of the lifetime, at most 30 days${otherwise}.`}
          {...input('warning')}
        />
        <TextInput
          label="Critical below"
          placeholder={`A tenth, 7 days${isOutermost ? '' : '…'}`}
          title={`Days, or a share such as 10 %. A tenth of the lifetime, at most 7 days${otherwise}.`}
          {...input('critical')}
        />
      </Group>
      <Group grow align="flex-start">
        <MultiSelect
          label="Say nothing of"
          placeholder="Nothing is left out"
          data={mutable}
          clearable
          {...input('muted')}
        />
        <NumberInput
          label="Unreachable for, minutes"
          description="before it is said"
          placeholder="20"
          min={0}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          {...input('unreachableMinutes')}
        />
      </Group>
      <Textarea
        label="Maintenance"
        description="Nothing is said in these times, one a line: Sun 02:00-04:00, Mon-Fri 22:00-06:00 Europe/Berlin, 2026-11-26 02:00-04:00"
        autosize
        minRows={1}
        spellCheck={false}
        {...input('maintenance')}
      />
    </>
  );
}

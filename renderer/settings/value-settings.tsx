import { NumberInput, Switch, TextInput } from '@mantine/core';
import { type SettingControl, settingControls, type ValueSetting } from '../../shared/schema/settings.ts';
import { errorAt, type SettingsPartProps } from './settings-errors.ts';

// SAFETY: the table has exactly these keys, by its type.
const controls = Object.entries(settingControls) as [ValueSetting, SettingControl][];

/** The settings of a section that are one value, as the table in the schema has them. */
export function ValueSettings({ section, ...part }: SettingsPartProps & Pick<SettingControl, 'section'>) {
  return controls
    .filter(([, control]) => control.section === section)
    .map(([field, control]) => <ValueControl key={field} field={field} control={control} {...part} />);
}

interface ValueControlProps extends SettingsPartProps {
  field: ValueSetting;
  control: SettingControl;
}

/** A switch for yes or no, else a field for a number or a line of text; an empty one is null. */
function ValueControl({ field, control, settings, errors, onSave }: ValueControlProps) {
  const value = settings[field];
  const shared = {
    label: control.label,
    description: control.help,
    error: errorAt(errors, field),
    disabled: control.needs !== undefined && settings[control.needs] === false,
  };
  const save = (changed: boolean | number | string | null) => {
    if (changed !== value) void onSave({ [field]: changed });
  };
  if (typeof value === 'boolean')
    return <Switch {...shared} checked={value} onChange={(event) => save(event.currentTarget.checked)} />;
  if (typeof value === 'number')
    return (
      <NumberInput
        {...shared}
        defaultValue={value}
        onBlur={(event) => save(Number(event.currentTarget.value))}
      />
    );
  return (
    <TextInput
      {...shared}
      spellCheck={false}
      defaultValue={value ?? ''}
      onBlur={(event) => save(event.currentTarget.value.trim() || null)}
    />
  );
}

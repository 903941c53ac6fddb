import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../renderer');
/** Dialogs without a field: there is nothing to lose in them. */
const withoutFields = [
  'alerts/first-alert.tsx',
  'components/form-dialog.tsx',
  'host-detail/compare-dialog.tsx',
  'layout/keys-dialog.tsx',
  'settings/import-dialog.tsx',
];
const field = /<(?:\w*Input|Textarea|\w*Select|Autocomplete|Switch|Checkbox|Radio|\w+Field)\b/;
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.tsx'),
);

it('every dialog with fields is a FormDialog, which never loses what was typed', () => {
  const modals = files.filter((file) => /<(Modal|Drawer)\b/.test(readFileSync(join(root, file), 'utf8')));
  expect(modals.map((file) => file.split(sep).join('/')).sort()).toEqual([...withoutFields].sort());
  for (const file of withoutFields.filter((name) => name !== 'components/form-dialog.tsx'))
    expect([file, field.exec(readFileSync(join(root, file), 'utf8'))?.[0]]).toEqual([file, undefined]);
});

it('every dialog gives the focus back when it closes', () => {
  const dialogs = files.filter((file) => /<Modal\b/.test(readFileSync(join(root, file), 'utf8')));
  const forgetful = dialogs.filter(
    (file) => !readFileSync(join(root, file), 'utf8').includes('useReturnFocus()'),
  );
  expect(forgetful).toEqual([]);
});

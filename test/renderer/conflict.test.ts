import { describe, expect, it } from 'vitest';
import { copyField, differences, mergeEdits } from '../../renderer/hosts/form/conflict.ts';
import { emptyForm } from '../../renderer/hosts/form/form-values.ts';

const base = { ...emptyForm, address: 'a.example', notes: 'old', tags: ['web'] };
const mine = { ...base, notes: 'mine', name: 'Shop' };
const theirs = { ...base, notes: 'theirs', tags: ['web', 'pci'], rules: { ...base.rules, warning: '20' } };

describe('two edits of one host', () => {
  it('keep what only one of them changed', () => {
    expect(mergeEdits(base, mine, theirs)).toEqual({ ...theirs, notes: 'mine', name: 'Shop' });
    expect(mergeEdits(base, base, theirs)).toEqual(theirs);
    expect(mergeEdits(base, mine, base)).toEqual(mine);
  });

  it('are shown field by field where they differ', () => {
    expect(differences(mine, theirs)).toEqual([
      { field: 'name', label: 'Display name', mine: 'Shop', theirs: '(empty)' },
      { field: 'tags', label: 'Tags', mine: 'web', theirs: 'web, pci' },
      { field: 'rules', label: 'Alerts', mine: 'Default', theirs: 'warning below 20' },
      { field: 'notes', label: 'Notes', mine: 'mine', theirs: 'theirs' },
    ]);
    expect(differences(mine, mine)).toEqual([]);
  });

  it('are chosen from one field at a time', () =>
    expect(copyField(mine, theirs, 'notes')).toEqual({ ...mine, notes: 'theirs' }));
});

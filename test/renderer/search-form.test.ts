import { describe, expect, it } from 'vitest';
import { formValues, readForm } from '../../renderer/discover/search-form.ts';
import type { SavedSearchView } from '../../shared/schema/saved-search.ts';
import { savedSearchInputSchema } from '../../shared/schema/saved-search.ts';

const saved = savedSearchInputSchema.parse({
  name: 'zone',
  dns: [
    { domain: 'corp.example', records: ['mx'] },
    { domain: 'corp.example', records: ['tlsa', 'svcb'] },
    { domain: 'lab.example', records: ['a'], transfer: '10.0.0.53' },
  ],
});
// SAFETY: the form reads the fields of a saved search alone.
const before = saved as unknown as SavedSearchView;
const read = (dns: string) => {
  const form = readForm({ ...formValues(before), dns }, before);
  return form.ok ? form.input.dns?.map((one) => [one.domain, one.records]) : form;
};

describe('the domains in the form of a search', () => {
  it('keep their kinds of records, also where one is there several times', () => {
    expect(read(formValues(before).dns)).toEqual([
      ['corp.example', ['mx']],
      ['corp.example', ['tlsa', 'svcb']],
      ['lab.example', ['a']],
    ]);
  });

  it('get the usual kinds where they are new, a third time too', () => {
    expect(read('lab.example@10.0.0.53\ncorp.example\ncorp.example\ncorp.example\nlab.example')).toEqual([
      ['lab.example', ['a']],
      ['corp.example', ['mx']],
      ['corp.example', ['tlsa', 'svcb']],
      ['corp.example', undefined],
      ['lab.example', undefined],
    ]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const dist = join(import.meta.dirname, '../../dist');
const text = readFileSync(join(dist, 'bom.json'), 'utf8');
const { components } = z
  .object({ components: z.array(z.object({ purl: z.string(), licenses: z.array(z.unknown()).min(1) })) })
  .parse(JSON.parse(text));
const names = components.map(({ purl }) => purl.replace(/@[^@]*$/, ''));

describe('the bill of materials', () => {
  it('is one by CycloneDX’s own schema', async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Spec1dot6.version);
    expect(await validator.validate(text)).toBeNull();
  });

  it('names what runs, with a licence each, and no tool that only builds or tests', () => {
    for (const name of ['react', 'electron', 'zod', 'swagger-ui-dist', 'electron-updater', '%40orpc/server'])
      expect(names).toContain(`pkg:npm/${name}`);
    for (const name of ['vite', 'vitest', 'playwright-core', 'typescript', 'electron-builder'])
      expect(names).not.toContain(`pkg:npm/${name}`);
  });

  it('has each of them in the licences, too, but for the runtime, which brings its own', () => {
    const licences = readFileSync(join(dist, 'licences.md'), 'utf8');
    for (const name of names.filter((one) => one !== 'pkg:npm/electron'))
      expect(licences).toContain(`## ${decodeURIComponent(name.replace('pkg:npm/', ''))} `);
  });

  it('leaves nothing of how it was made among what is served', () => {
    expect(readdirSync(join(dist, 'page')).filter((name) => name.endsWith('.json'))).toEqual([]);
  });
});

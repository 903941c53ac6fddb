import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bom } from '../../build/inventory.ts';
import { findRuntime } from '../../build/runtime.ts';
import { runtimeParts } from '../../build/runtime-parts.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { temporaryFolder } from '../support/temporary-folder.ts';

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
    for (const name of names.filter((one) => one !== 'pkg:npm/electron' && !one.startsWith('pkg:generic/')))
      expect(licences).toContain(`## ${decodeURIComponent(name.replace('pkg:npm/', ''))} `);
  });

  it('leaves nothing of how it was made among what is served', () => {
    expect(readdirSync(join(dist, 'page')).filter((name) => name.endsWith('.json'))).toEqual([]);
  });
});

const electron = packageJson.devDependencies.electron.replace(/^\D+/, '');

describe('what is in Electron’s runtime', () => {
  /** A program that answers as Electron does where it runs as Node. */
  const runtime = (path: string, versions: object) => {
    const script = `#!/bin/sh\n[ "$ELECTRON_RUN_AS_NODE" = 1 ] && echo '${JSON.stringify(versions)}'\n`;
    writeFileSync(path, script, { mode: 0o755 });
    return path;
  };
  const partsOf = (written: string) =>
    z
      .object({
        components: z.array(z.object({ purl: z.string(), cpe: z.string().optional() })),
        dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
      })
      .parse(JSON.parse(written));

  it.skipIf(process.platform === 'win32')('is what the runtime itself says', () => {
    using folder = temporaryFolder();
    const versions = { electron, chrome: '156.0.1.2', node: '24.1.2' };
    expect(runtimeParts(runtime(folder.file('electron'), versions))).toMatchObject({
      chromium: '156.0.1.2',
      node: '24.1.2',
    });
    // Another release, and a stand-in that says nothing.
    for (const other of [{ ...versions, electron: '1.0.0' }, {}])
      expect(runtimeParts(runtime(folder.file('electron'), other)).node).toBeNull();
  });

  it('names Chromium where the runtime is not installed, as the releases of Electron are collected', () => {
    const { chromium, source } = runtimeParts(null);
    expect(chromium).toMatch(/^\d+(\.\d+){3}$/);
    expect(source).toMatch(/^electron-to-chromium \d/);
  });

  it.runIf(findRuntime() !== null && runtimeParts().node !== null)(
    'is the same by the runtime and by that collection',
    () => expect(runtimeParts().chromium).toBe(runtimeParts(null).chromium),
  );

  it('is in the bill of materials by the names that scanners look for, as parts of Electron', async () => {
    const piece = { name: 'electron', version: electron, identifier: 'MIT', text: null };
    const written = bom([piece], { chromium: '156.0.1.2', node: '24.1.2', source: 'a test' });
    expect(await new Validation.JsonStrictValidator(Spec.Spec1dot6.version).validate(written)).toBeNull();
    const { components: all, dependencies } = partsOf(written);
    expect(all).toEqual(
      expect.arrayContaining([
        // NVD: https://nvd.nist.gov/products/cpe
        {
          purl: 'pkg:generic/chromium@156.0.1.2',
          cpe: 'cpe:2.3:a:google:chrome:156.0.1.2:*:*:*:*:*:*:*',
        },
        { purl: 'pkg:generic/node@24.1.2', cpe: 'cpe:2.3:a:nodejs:node.js:24.1.2:*:*:*:*:*:*:*' },
      ]),
    );
    expect(dependencies.find(({ ref }) => ref === `pkg:npm/electron@${electron}`)?.dependsOn).toEqual([
      'pkg:generic/chromium@156.0.1.2',
      'pkg:generic/node@24.1.2',
    ]);
  });

  it('is in that of this build', () => expect(names).toContain('pkg:generic/chromium'));
});

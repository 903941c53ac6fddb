import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { writeChecksums } from '../../build/package/checksums.ts';
import { packageConfig } from '../../build/package/config.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = join(import.meta.dirname, '../..');
const targets = (list: unknown) =>
  z
    .array(z.union([z.string(), z.object({ target: z.string() }).transform(({ target }) => target)]))
    .parse(list);

describe('what is packed', () => {
  it('is a package for every way to install', () => {
    const { linux, mac, win } = packageConfig({});
    expect(targets(linux?.target)).toEqual(['AppImage', 'deb', 'rpm', 'tar.gz']);
    expect(targets(mac?.target)).toEqual(['dmg', 'zip']);
    expect(targets(win?.target)).toEqual(['nsis', 'portable']);
  });

  it('knows the place of newer versions where a repository packs it, and none elsewhere', () => {
    expect(packageConfig({}).publish).toBeNull();
    expect(packageConfig({ GITHUB_REPOSITORY: 'some/where' }).publish).toMatchObject({
      provider: 'github',
      owner: 'some',
      repo: 'where',
      releaseType: 'draft',
    });
  });

  it('has a page and a maintainer with an address wherever it is packed, which packages for Linux must have', () => {
    expect(packageConfig({})).toMatchObject({
      extraMetadata: { homepage: 'https://notafter.invalid/' },
      linux: { maintainer: expect.stringMatching(/ <.+@.+>$/) },
    });
    expect(packageConfig({ GITHUB_REPOSITORY: 'some/where' }).extraMetadata).toMatchObject({
      homepage: 'https://github.com/some/where',
    });
  });

  it('is notarised where there is a key for it', () => {
    expect(packageConfig({}).mac?.notarize).toBe(false);
    expect(packageConfig({ APPLE_API_KEY: 'key.p8' }).mac?.notarize).toBe(true);
  });
});

const stepSchema = z.object({
  env: z.record(z.string(), z.string()).optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  run: z.string().optional(),
});
const workflowSchema = z.object({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({
      needs: z.string().optional(),
      permissions: z.record(z.string(), z.string()).optional(),
      environment: z.string().optional(),
      steps: z.array(stepSchema).default([]),
    }),
  ),
});

describe('the release workflow', () => {
  const text = readFileSync(join(root, '.github/workflows/release.yml'), 'utf8');
  const { permissions, jobs } = workflowSchema.parse(parse(text));

  it('packs what was tested, and writes with the last job alone', () => {
    expect(permissions).toEqual({});
    expect(jobs['package']).toMatchObject({ needs: 'test' });
    expect(jobs['draft']).toMatchObject({ needs: 'package' });
    const writing = Object.entries(jobs).filter(([, job]) => job.permissions?.['contents'] === 'write');
    expect(writing.map(([name]) => name)).toEqual(['draft']);
  });

  it('takes along every kind of package, and the feed', () => {
    const paths =
      jobs['package']?.steps.flatMap((step) => String(step.with?.['path'] ?? '').split('\n')) ?? [];
    for (const end of ['AppImage', 'deb', 'rpm', 'tar.gz', 'tgz', 'dmg', 'zip', 'exe', 'blockmap'])
      expect(paths).toContain(`release/*.${end}`);
    expect(paths).toContain('release/latest*.yml');
    expect(paths).toContain('dist/bom.json');
  });

  it('flags a version with a hyphen as a prerelease, which is offered to no one by itself', () => {
    const create = jobs['draft']?.steps
      .flatMap(({ run }) => run ?? [])
      .find((run) => run.includes('gh release create'));
    const runsWith = (tag: string) =>
      spawnSync('bash', ['-ec', `node() { :; }; gh() { echo "$@"; }\n${create}`], {
        encoding: 'utf8',
        cwd: tmpdir(),
        env: { ...process.env, GITHUB_REF_NAME: tag, GITHUB_REPOSITORY: 'some/where' },
      }).stdout;
    expect(runsWith('v1.2.3-beta.1')).toContain(' --prerelease ');
    expect(runsWith('v1.2.3')).toMatch(/^release create v1\.2\.3 --draft /);
    expect(runsWith('v1.2.3')).not.toContain('--prerelease');
  });

  it('adds the recipes after the checksums that they name, and before these are attested', () => {
    const runs =
      jobs['draft']?.steps.map(({ run, with: input }) => `${run ?? ''}${JSON.stringify(input ?? {})}`) ?? [];
    const at = (what: string) => runs.findIndex((run) => run.includes(what));
    expect(at('checksums.ts assets')).toBeGreaterThan(-1);
    expect(at('checksums.ts assets')).toBeLessThan(at('recipes.ts assets recipes'));
    expect(at('recipes.ts assets recipes')).toBeLessThan(at('subject-checksums'));
    // The list is written again with the archive in it.
    expect(runs[at('recipes.ts assets recipes')]).toMatch(/tar [\s\S]+checksums\.ts assets/);
  });

  it('reads secrets only in jobs of an environment, whose rules protect them', () => {
    const reading = Object.values(jobs).filter(({ steps }) =>
      steps.some(({ env = {} }) => Object.values(env).some((value) => value.includes('secrets.'))),
    );
    expect(reading.map(({ environment }) => environment)).toEqual(['release']);
  });

  it('has each of its scripts', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    const runs = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    for (const [, name = ''] of runs.join('\n').matchAll(/npm run (\S+)/g))
      expect(scripts).toHaveProperty(name);
    for (const [, file = ''] of runs.join('\n').matchAll(/node (\S+\.ts)/g))
      expect(readFileSync(join(root, file), 'utf8')).not.toBe('');
  });
});

describe('checksums', () => {
  it('are those of each file, as sha256sum reads them', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('b.deb'), 'one');
    writeFileSync(folder.file('a b.exe'), 'other');
    await writeChecksums(folder.path);
    // A second time: the list is no part of itself.
    expect(await writeChecksums(folder.path)).toEqual(['a b.exe', 'b.deb']);
    expect(readFileSync(folder.file('SHA256SUMS'), 'utf8')).toBe(
      `${hash('sha256', 'other')}  a b.exe\n${hash('sha256', 'one')}  b.deb\n`,
    );
    const check = spawnSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: folder.path, encoding: 'utf8' });
    if (check.error === undefined) expect(check.stdout).toBe('a b.exe: OK\nb.deb: OK\n');
  });
});

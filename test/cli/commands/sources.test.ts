import { symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findKnownPlaces } from '../../../electron/cli/commands/known-places.ts';
import { keystore } from '../../support/containers.ts';
import { makeCa } from '../../support/pki.ts';
import { runNotafter, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const data = temporaryFolder();
const certs = temporaryFolder();
const root = makeCa('Sources Root');
writeFileSync(certs.file('web.pem'), root.issue({ name: 'web.test', notAfterDays: 300 }).pem);
writeFileSync(
  certs.file('a.jks'),
  keystore([{ alias: 'mail', chain: [root.issue({ name: 'mail.test', notAfterDays: 200 }).der] }]),
);
symlinkSync('web.pem', certs.file('abc.0'));
let service: Service;

beforeAll(async () => {
  service = await Service.start(data.path);
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  data[Symbol.dispose]();
  certs[Symbol.dispose]();
});
const sources = (...args: string[]) => runNotafter('sources', ...args, '--data', data.path);

describe('notafter sources', () => {
  it('says what a source would watch before it is added', async () => {
    const { stdout, status } = await sources('add', 'certs', certs.path, '--dry-run');
    expect(status).toBe(0);
    expect(stdout).toContain('mail.test');
    expect(stdout).toMatch(/2 certificates in 2 files would be watched\.\n$/);
    expect((await sources('list')).stdout).toBe('There are no sources.\n');
  });

  it('adds one, lists its certificates, and has a job for each', async () => {
    const added = await sources('add', 'certs', certs.path, '--tag', 'files');
    expect(added).toMatchObject({ status: 0, stdout: 'certs watches 2 certificates in 2 files.\n' });
    const { stdout } = await sources('entries', 'certs', '--format', 'json');
    const entries = JSON.parse(stdout) as { id: string; alias: string | null; state: string }[];
    expect(entries.map(({ alias, state }) => [alias, state])).toEqual([
      ['mail', 'watched'],
      [null, 'watched'],
    ]);
    const jobs = await runNotafter('jobs', 'list', '--tag', 'files', '--format', 'json', '--data', data.path);
    expect((JSON.parse(jobs.stdout) as { id: string }[]).map(({ id }) => id).sort()).toEqual(
      entries.map(({ id }) => id).sort(),
    );
    expect((await sources('list')).stdout).toMatch(/^SOURCE +WATCHED +FILES +PATHS/);
  });

  it('ignores a certificate, refuses to delete its job, and goes with all of it', async () => {
    const { stdout } = await sources('entries', 'certs', '--format', 'json');
    const [entry] = JSON.parse(stdout) as { id: string }[];
    const refused = await runNotafter('jobs', 'remove', entry?.id ?? '', '--data', data.path);
    expect(refused).toMatchObject({ status: 64 });
    expect(refused.stderr).toContain('This job is kept by the source certs.');
    expect(await sources('ignore', 'certs', entry?.id ?? '', 'nosuch')).toMatchObject({
      status: 66,
      stderr: 'notafter: certs has no certificate with the id nosuch. See notafter sources entries.\n',
    });
    expect(await sources('ignore', 'certs', entry?.id ?? '')).toMatchObject({
      stdout: 'Ignored 1 certificate.\n',
    });
    expect((await sources('entries', 'certs')).stdout).toContain('ignored');
    expect(await sources('scan', 'certs')).toMatchObject({ status: 0 });
    expect(await sources('remove', 'certs')).toMatchObject({ stdout: 'Deleted certs and 1 job.\n' });
    expect((await runNotafter('jobs', 'list', '--data', data.path)).stdout).toBe('There are no such jobs.\n');
  });

  it('says which path cannot be used, and which source is not there', async () => {
    expect(await sources('add', 'all', '/')).toMatchObject({
      status: 64,
      stderr: 'notafter: Name a folder.\n',
    });
    expect(await sources('add', 'net', '//server/share')).toMatchObject({ status: 64 });
    expect(await sources('scan', 'nothing')).toMatchObject({
      status: 66,
      stderr: 'notafter: No source matches nothing.\n',
    });
  });
});

describe('notafter files --known', () => {
  it('lists the usual places that are there', async () => {
    using home = temporaryFolder();
    expect((await findKnownPlaces(home.path)).map(({ name }) => name)).not.toContain('acme.sh');
    symlinkSync(certs.path, home.file('.acme.sh'));
    expect(await findKnownPlaces(home.path)).toContainEqual({ name: 'acme.sh', path: home.file('.acme.sh') });
  });
});

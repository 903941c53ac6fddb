import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe.runIf(process.platform === 'linux')('serve --open', () => {
  it('gives the browser a file of its owner’s, and no token in its arguments (security finding 10a)', async () => {
    using folder = temporaryFolder();
    using home = temporaryFolder();
    using bin = temporaryFolder();
    // What it was called with, the mode of the file, and what was in it when the browser read it.
    writeFileSync(
      bin.file('xdg-open'),
      `#!/bin/sh\nstat -c '%a' "$1" > ${bin.file('mode')}\ncp "$1" ${bin.file('page')}\nprintf '%s' "$*" > ${bin.file('seen.new')}\nmv ${bin.file('seen.new')} ${bin.file('seen')}\n`,
    );
    chmodSync(bin.file('xdg-open'), 0o755);
    vi.stubEnv('HOME', home.path);
    vi.stubEnv('PATH', `${bin.path}:${process.env['PATH']}`);
    await using service = await Service.start(folder.path, '--open');
    vi.unstubAllEnvs();
    await expect.poll(() => readdirSync(bin.path)).toContain('seen');
    const { token, url } = service.ready;
    const seen = readFileSync(bin.file('seen'), 'utf8');
    expect(seen).not.toContain(token);
    expect(seen).toMatch(/notafter-open-[0-9a-f]+\.html$/);
    expect(readFileSync(bin.file('mode'), 'utf8').trim()).toBe('600');
    expect(readFileSync(bin.file('page'), 'utf8')).toContain(`url=${url}#token=${token}"`);
    expect(await service.end('SIGTERM')).toBe(0);
    // Nothing with the token is left; compiled code may be.
    expect(readdirSync(home.path).filter((name) => name !== '.cache')).toEqual([]);
  });
});

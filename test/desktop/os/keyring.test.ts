import { readFileSync, statSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { isOwnersAlone } from '../../support/owner-only.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { KeptLog } from '../../support/test-engine.ts';

/** A keyring as Electron's safeStorage shows it, with a key that can be lost. */
const keyring = vi.hoisted(() => ({
  isThere: true,
  backend: 'gnome_libsecret',
  key: 0x55,
  isRotated: false,
}));
const turn = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ keyring.key));
vi.mock('electron', () => ({
  safeStorage: {
    isAsyncEncryptionAvailable: async () => keyring.isThere,
    getSelectedStorageBackend: () => keyring.backend,
    encryptStringAsync: async (text: string) => turn(Buffer.from(`box${text}`)),
    async decryptStringAsync(encrypted: Buffer) {
      const text = turn(encrypted).toString();
      if (!text.startsWith('box')) throw new Error('Error while decrypting the ciphertext.');
      return { result: text.slice(3), shouldReEncrypt: keyring.isRotated };
    },
  },
}));
const { openSecretBox } = await import('../../../electron/desktop/os/keyring.ts');

beforeEach(() => {
  Object.assign(keyring, { isThere: true, backend: 'gnome_libsecret', key: 0x55, isRotated: false });
});

describe('the key of the secrets', () => {
  it('is made once, lies encrypted in a file for its owner alone, and opens what it sealed', async () => {
    using folder = temporaryFolder();
    const path = folder.file('secrets.key');
    const log = new KeptLog();
    const sealed = (await openSecretBox(path, log))?.seal('secret', 'a place') ?? '';
    const kept = readFileSync(path);
    expect(isOwnersAlone(path)).toBe(true);
    expect((await openSecretBox(path, log))?.open(sealed, 'a place')?.secret).toBe('secret');
    expect(readFileSync(path)).toEqual(kept);
    expect(log.lines).toEqual([]);
  });

  it('is encrypted anew where the keyring asks for it', async () => {
    using folder = temporaryFolder();
    const path = folder.file('secrets.key');
    const sealed = (await openSecretBox(path, new KeptLog()))?.seal('secret', 'a place') ?? '';
    const { ino } = statSync(path);
    keyring.isRotated = true;
    expect((await openSecretBox(path, new KeptLog()))?.open(sealed, 'a place')?.secret).toBe('secret');
    expect(statSync(path).ino).not.toBe(ino);
    expect((await openSecretBox(path, new KeptLog()))?.open(sealed, 'a place')?.secret).toBe('secret');
  });

  it('stays as it is where the keyring has lost its own, and the log says so', async () => {
    using folder = temporaryFolder();
    const path = folder.file('secrets.key');
    await openSecretBox(path, new KeptLog());
    const kept = readFileSync(path);
    keyring.key = 0x66;
    const log = new KeptLog();
    expect(await openSecretBox(path, log)).toBeNull();
    expect(readFileSync(path)).toEqual(kept);
    expect(log.lines).toMatchObject([expect.stringContaining('keyring does not open the key')]);
  });

  it.each([
    ['there is no keyring', { isThere: false }],
    ['the one there protects nothing', { backend: 'basic_text' }],
  ])('is not made where %s', async (_what, state) => {
    Object.assign(keyring, state);
    using folder = temporaryFolder();
    const path = folder.file('secrets.key');
    const log = new KeptLog();
    expect(await openSecretBox(path, log)).toBeNull();
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
    expect(log.lines).toMatchObject([expect.stringContaining('there is no keyring')]);
  });
});

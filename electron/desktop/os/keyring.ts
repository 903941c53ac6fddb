import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { safeStorage } from 'electron';
import { systemClock } from '../../engine/clock.ts';
import type { Log } from '../../engine/log.ts';
import { SecretBox } from '../../engine/store/secret-box.ts';

/** A keyring may ask the person for its password first; without an answer by then NotAfter starts without it. */
const maxWaitMs = 60_000;

/**
 * The secret box whose key lies in a file, encrypted by the system's keyring (Electron's safeStorage). Null, with the reason in the log,
 * where there is no keyring, or it does not open the key: secrets lie in plain in files of mode 0600 then.
 * Asked once, when the app is ready: everything after it is done with the key.
 */
export async function openSecretBox(path: string, log: Log): Promise<SecretBox | null> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const cancel = systemClock.after(maxWaitMs, () => resolve('late'));
  try {
    const key = await Promise.race([hasKeyring().then((has) => (has ? readOrMakeKey(path) : null)), late]);
    if (key === 'late') log.warn('the system’s keyring does not answer: secrets cannot be opened or sealed');
    else if (key === null) log.warn('there is no keyring: secrets are kept in a file that only you can read');
    else return new SecretBox(key);
  } catch (error) {
    log.error('the system’s keyring does not open the key of the secrets', error);
  } finally {
    cancel();
  }
  return null;
}

/** Linux without a keyring has a password that everybody knows in its place: that protects nothing. */
async function hasKeyring(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

async function readOrMakeKey(path: string): Promise<Buffer> {
  if (!existsSync(path)) {
    const key = randomBytes(32);
    await keep(path, key.toString('base64'));
    return key;
  }
  const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(readFileSync(path));
  if (shouldReEncrypt) await keep(path, result);
  return Buffer.from(result, 'base64');
}

/** Beside the old one first: half a key opens nothing. */
async function keep(path: string, key: string): Promise<void> {
  const fresh = `${path}.new`;
  writeFileSync(fresh, await safeStorage.encryptStringAsync(key), { mode: 0o600 });
  renameSync(fresh, path);
}

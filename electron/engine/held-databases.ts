import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Data folders whose databases this process has open, by their real paths. */
const folders = new Set<string>();

const names = ['lock.sqlite', 'history.sqlite', 'history.sqlite-wal', 'history.sqlite-shm'];

/**
 * Notes that this process has the databases of a data folder open, until it is disposed of.
 * @param folder real path of the folder
 */
export function holdDatabases(folder: string): Disposable {
  folders.add(folder);
  return { [Symbol.dispose]: () => void folders.delete(folder) };
}

/**
 * Returns whether a file is a database that this process has open. It must not be opened and closed by another part: POSIX drops all
 * locks of a process on a file when it closes any descriptor of it (fcntl(2); https://sqlite.org/howtocorrupt.html §2.2).
 */
export async function isHeldDatabase({
  dev,
  ino,
}: {
  dev: number | bigint;
  ino: number | bigint;
}): Promise<boolean> {
  for (const folder of folders) {
    for (const name of names) {
      const held = await stat(join(folder, name), { bigint: true }).catch(() => null); // There is none now.
      if (held?.ino === BigInt(ino) && held.dev === BigInt(dev)) return true;
    }
  }
  return false;
}

import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
} from 'node:fs';
import { join } from 'node:path';

/** Files of NotAfter in its data folder, with what SQLite and atomic writes put beside them. */
const ourFile =
  /^(?:lock\.(?:sqlite|pid)|(?:config|history)(?:\.broken-[\w.-]+)?\.(?:json|sqlite)|token|endpoint\.json|installation\.json|running\.json|secrets\.key)$/;
const beside = /(?:-journal|-wal|-shm|\.new|\.tmp-\w+)$/;
const isOurFile = (name: string) => ourFile.test(name.replace(beside, ''));
const ourFolders = ['backups', 'logs', 'trusted'];

/**
 * Gives everything of NotAfter's in a data folder to its owner alone, at every start: modes that an older version, another program or a
 * copy left open are closed again. The folder itself is closed where it holds nothing of anyone else (`--data` may name a shared one).
 * Does nothing on Windows, where the profile folder's access list decides.
 * @returns a sentence for the log where others can still replace the files; null where all is closed
 */
export function keepPrivate(folder: string): string | null {
  if (process.platform === 'win32' || !process.getuid) return null;
  const names = readdirSync(folder);
  for (const name of names.filter(isOurFile)) closeFile(join(folder, name));
  for (const name of names.filter((one) => ourFolders.includes(one))) closeFolder(join(folder, name));
  const isOursAlone = names.every((name) => isOurFile(name) || ourFolders.includes(name));
  if (isOursAlone) closeDirectory(folder);
  const { mode, uid } = lstatSync(folder);
  const isStrangers = uid !== process.getuid() && uid !== 0;
  if ((mode & 0o022) === 0 && !isStrangers) return null;
  return `Other users of this machine can replace files in the data folder ${folder}. Take write access away from them, or use another folder.`;
}

function closeFolder(folder: string): void {
  closeDirectory(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isFile()) closeFile(join(folder, entry.name));
}

/** A sticky folder, such as /tmp, is shared on purpose. */
function closeDirectory(folder: string): void {
  const { uid, mode } = lstatSync(folder);
  if (uid === process.getuid?.() && (mode & 0o1077) !== 0 && (mode & 0o1000) === 0) chmodSync(folder, 0o700);
}

/** By its descriptor and without following a link: in a folder that others may write to, a name can point anywhere. */
function closeFile(path: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return; // A link, another user's file, or gone by now: what uses it says so in its own words.
  }
  try {
    const { uid, mode } = fstatSync(descriptor);
    if (uid === process.getuid?.() && (mode & 0o077) !== 0) fchmodSync(descriptor, 0o600);
  } finally {
    closeSync(descriptor);
  }
}

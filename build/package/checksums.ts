import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** The list's own name. */
export const listName = 'SHA256SUMS';

/** Writes the digests of all files in a folder into one more, as `sha256sum --check` reads it. Answers their names. */
export async function writeChecksums(folder: string): Promise<string[]> {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== listName)
    .map(({ name }) => name)
    .sort();
  const lines: string[] = [];
  for (const name of names) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, name)), hash);
    lines.push(`${hash.digest('hex')}  ${name}\n`);
  }
  writeFileSync(join(folder, listName), lines.join(''));
  return names;
}

if (process.argv[1] === import.meta.filename) {
  const [, , folder] = process.argv;
  if (folder === undefined) {
    process.stderr.write('node build/package/checksums.ts FOLDER\n');
    process.exit(1);
  }
  process.stdout.write(`${(await writeChecksums(folder)).join('\n')}\n`);
}

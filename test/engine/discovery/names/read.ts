import { readNames } from '../../../../electron/engine/discovery/names/read-names.ts';
import type { NameFormat } from '../../../../shared/domain/discovery/name-formats.ts';

/** Reads a text as a source of names, and writes each name as `name:port protocol @address`, with what is not known left out. */
export async function namesOf(format: NameFormat | 'auto', text: string, folder: string | null = null) {
  const signal = AbortSignal.timeout(20_000);
  return briefly(await readNames({ format, file: 'given', text, folder }, signal));
}

/** Reads a file as a source of names, with what it includes. */
export async function namesOfFile(format: NameFormat | 'auto', file: string) {
  return briefly(await readNames({ format, file }, AbortSignal.timeout(20_000)));
}

function briefly({ names, notes }: Awaited<ReturnType<typeof readNames>>) {
  const brief = names.map(({ name, port, protocol, address }) =>
    [
      port === null ? name : `${name}:${port}`,
      ...(protocol === null ? [] : [protocol]),
      ...(address === null ? [] : [`@${address}`]),
    ].join(' '),
  );
  return { names: brief, places: names.map(({ file, line }) => `${file}:${line}`), notes };
}

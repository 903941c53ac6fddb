import { isOneLine } from './plain-text.ts';

/**
 * Device names of Windows (https://learn.microsoft.com/windows/win32/fileio/naming-a-file#naming-conventions), with those that CPython's
 * `ntpath.isreserved` adds: the console's two, and the three superscript digits.
 */
const deviceName = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])$/i;

/** Two separators begin a path of the network or of a device (`\\host`, `\\?\`, `\\.\`), as does NT's own `\??\`. */
const networkOrDevice = /^(?:[\\/]{2}|[\\/]\?\?[\\/])/;

/** Says what is wrong with the path of a file that NotAfter is to read, on whichever system; null: nothing. */
export function filePathProblem(path: string): string | null {
  if (!isOneLine(path)) return 'A path has no control characters.';
  if (/^(?:file:|[a-z][a-z0-9+.-]+:[\\/]{2})/i.test(path))
    return 'Enter the path of a file on this computer, not a URL.';
  if (networkOrDevice.test(path) || deviceName.test(lastName(path)))
    return 'Enter the path of a file on this computer: network and device paths are not opened.';
  return null;
}

/** The name that Windows looks at: the last one, without its drive, its extensions and its stream, and without spaces at its end. */
function lastName(path: string): string {
  const names: string[] = [];
  for (const part of path.replace(/^[a-z]:/i, '').split(/[\\/]/)) {
    if (part === '..') names.pop();
    else if (part.replaceAll('.', '').trim() !== '') names.push(part);
  }
  const last = names.at(-1) ?? '';
  return (last.split(/[.:]/, 1)[0] ?? '').trimEnd();
}

/**
 * Reads what a person typed as a path or as a `file:` URL (RFC 8089).
 * @returns the path, which may still have a problem; null where the text is neither
 */
export function readFilePath(text: string): string | null {
  const url = /^file:(.*)$/is.exec(text)?.[1];
  if (url !== undefined) return pathOfUrl(url);
  return /^(?:\.{0,2}[\\/]|[a-z]:[\\/])/i.test(text) ? text : null;
}

/** @param rest what follows `file:` */
function pathOfUrl(rest: string): string {
  const local = rest.replace(/^\/\/(?:localhost(?=\/))?(?![\\/]{2})/i, '');
  // A host other than this one makes it a path of the network.
  if (rest.startsWith('//') && !/^[\\/.]/.test(local)) return `//${local}`;
  return local.replace(/^[\\/](?=[a-z]:[\\/])/i, '');
}

import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { isFileTarget, type ParsedTarget, parseTarget } from '../../shared/schema/target.ts';

/** A word without any folder is a file if it exists and has one of these extensions; else it is a host: `example.com` may be a folder here. */
const fileExtensions: ReadonlySet<string> = new Set(
  'pem crt cer der p7b p7c spc p12 pfx jks jceks bks keystore truststore yaml yml json toml env key csr'
    .split(' ')
    .map((one) => `.${one}`),
);

/** Whether a word without any folder has the extension of files that hold certificates. */
export function looksLikeFile(word: string): boolean {
  return fileExtensions.has(extname(word).toLowerCase());
}

/**
 * Returns a path of the command line as the service needs it, which runs in another folder: seen from the caller's. Network paths, device
 * paths and URLs stay as they are: the service refuses them.
 */
export function fromCaller(path: string): string {
  return /^(?:[\\/]{2}|\w+:)/.test(path) ? path : resolve(path);
}

/** Reads a target of the command line. The path of a file is seen from the caller's folder. */
export function parseCallersTarget(text: string): ParsedTarget {
  const parsed = parseTarget(looksLikeFile(text) && existsSync(text) ? resolve(text) : text);
  if (!parsed.ok || !isFileTarget(parsed.target)) return parsed;
  return { ...parsed, target: { ...parsed.target, file: fromCaller(parsed.target.file) } };
}

/**
 * Returns why a word is no target, in a sentence that names it.
 * @param aboutInput what to do for `-`, which is standard input elsewhere
 */
export function targetRefusal(word: string, message: string, aboutInput: string): string {
  if (word.trim() === '') return 'An empty target was given.';
  return word === '-' ? aboutInput : `${word}: ${message}`;
}

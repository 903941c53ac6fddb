import { errorCode } from './error-code.ts';

/** Returns why a file cannot be read, as a sentence: what people can mend in words, anything else by the system's code. */
export function readFault(subject: string, error: unknown): string {
  const code = errorCode(error) ?? String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return `${subject} does not exist.`;
  return code === 'EISDIR' ? `${subject} is a folder, not a file.` : `${subject} cannot be read (${code}).`;
}

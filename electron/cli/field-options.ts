import type { Command } from 'commander';

/** What a schema refuses: where, and the sentence that says so. */
export interface FieldIssue {
  path?: readonly PropertyKey[] | undefined;
  message: string;
}

/** What the command line asked for was refused field by field. */
export class FieldsError extends Error {
  override name = 'FieldsError';
  readonly issues: readonly FieldIssue[];

  constructor(issues: readonly FieldIssue[], options?: ErrorOptions) {
    super(issues.map(({ message }) => message).join(' '), options);
    this.issues = issues;
  }
}

/** Options that are called otherwise than the field they fill. Of several, the one that the command has counts. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  caFiles: ['ca'],
  caFile: ['ca'],
  tags: ['tag'],
  notTags: ['not-tag'],
  kinds: ['kind'],
  proxy: ['proxy', 'reach-by'],
  grouped: ['each'],
  enabled: ['disabled'],
  ehloName: ['ehlo'],
  certFile: ['client-cert'],
  keyFile: ['client-key'],
  passphrases: ['passphrase'],
  paths: ['path'],
  roles: ['role', 'roles'],
  forgetDays: ['forget'],
  minutes: ['for'],
  code: ['problem'],
};

/** Fields that arguments fill: the sentence alone says what is wrong with them. */
const argumentFields: ReadonlySet<string> = new Set(['target', 'name', 'paths', 'body', 'query']);

/** Returns how an option is written that fills a field: `caFile` as `ca-file`. */
export const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * Returns the sentence of an issue after the option of the command that fills its field: `--ca: The CA file x.pem does not exist.`
 * @param command the one that ran; undefined: none did
 */
export function fieldSentence({ path = [], message }: FieldIssue, command: Command | undefined): string {
  // Where a field of channels or paths is in its list tells a person nothing.
  const names = path.filter((part) => typeof part === 'string').filter((part) => !/^\d+$/.test(part));
  const known = new Set(command?.options.map(({ long }) => long));
  const option = names
    .toReversed()
    .flatMap((name) => [...(aliases[name] ?? []), kebab(name), `${kebab(name)}-file`])
    .map((name) => `--${name}`)
    .find((name) => known.has(name));
  if (option !== undefined) return `${option}: ${message}`;
  const fields = names[0] === 'channels' ? names.slice(1) : names;
  const [first] = fields;
  return first === undefined || argumentFields.has(first) ? message : `${fields.join('.')}: ${message}`;
}

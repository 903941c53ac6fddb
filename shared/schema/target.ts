import { z } from 'zod';
import { readFilePath } from '../domain/file-path.ts';
import { unwrapPasted } from '../domain/pasted-text.ts';
import { protocolEntries } from '../domain/starttls/protocols.ts';
import { isFileTarget, wireName } from '../domain/target.ts';
import { guessStarttls, notAHost, readAddressText } from '../domain/target-text.ts';
import { localPaths } from './local-path.ts';

export type { StarttlsProtocol } from '../domain/starttls/protocols.ts';
export { formatTarget, isFileTarget, isIpv4, isIpv6, wireName } from '../domain/target.ts';

/** Protocols in which a plain connection is upgraded to TLS, in the order in which a form offers them. */
export const starttlsProtocols = protocolEntries.map(([protocol]) => protocol);

function normaliseHost(text: string): string {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  return bare.toLowerCase();
}

const hostSchema = z
  .string({ error: 'Enter a host name or an IP address.' })
  .max(1024, 'A host name has at most 253 characters.')
  .overwrite((text) => normaliseHost(text.trim()))
  .superRefine((host, context) => {
    if (host === '') {
      context.addIssue({ code: 'custom', message: 'Enter a host name or an IP address.' });
    } else if (wireName(host) === null) {
      context.addIssue({
        code: 'custom',
        message: `${notAHost(host)} Leave out scheme, path and port.`,
      });
    }
  })
  .describe('Host name, IPv4 or IPv6 address. Internationalized names may be written in Unicode.');

const portSchema = z
  .int({ error: 'A port is a whole number from 1 to 65535.' })
  .min(1, 'A port is a whole number from 1 to 65535.')
  .max(65535, 'A port is a whole number from 1 to 65535.')
  .describe('TCP port.');

const servernameSchema = hostSchema.describe(
  'Name to send as SNI and to verify in the certificate, if different from host.',
);

export const starttlsSchema = z
  .enum(starttlsProtocols, { error: `STARTTLS is one of ${starttlsProtocols.join(', ')}.` })
  .describe('STARTTLS protocol that upgrades the plain connection to TLS.');

const fileSchema = z
  .string()
  .trim()
  .min(1, 'A certificate file is a path.')
  .max(4096, 'A path has at most 4096 characters.')
  .describe(
    'Path of a certificate file to watch instead of a host, in any form that docs/checks.md lists: PEM, DER, PKCS#7, PKCS#12, Java keystores and others.',
  );

const newFileSchema = fileSchema.superRefine(localPaths((path) => [[[], path]]));

const nullableServername = servernameSchema
  .nullable()
  .describe('Name to send as SNI and to verify in the certificate; null: host.');
const nullableStarttls = starttlsSchema
  .nullable()
  .describe('STARTTLS protocol that upgrades the plain connection to TLS; null: TLS from the first byte.');
const passphraseWords = 'File whose first line is the passphrase of a PKCS#12 file; null: none.';
const nullablePassphraseFile = fileSchema.nullable().describe(passphraseWords);

const targetFields = {
  host: hostSchema.optional(),
  port: portSchema.optional(),
  servername: nullableServername.optional(),
  starttls: nullableStarttls.optional(),
  file: newFileSchema.optional(),
  passphraseFile: newFileSchema.nullable().describe(passphraseWords).optional(),
};

const hostFields = ['host', 'port', 'servername', 'starttls'] as const;

/**
 * A target as people and clients write it: a host, of which nothing else is needed, or a certificate file. The port is
 * 443 by default; STARTTLS is the usual protocol of that port by default (null: TLS from the first byte).
 */
export const targetInputSchema = z
  .strictObject(targetFields, { error: 'A target is an object with at least a host.' })
  .superRefine((target, context) => {
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (target.file === undefined) {
      if (target.host === undefined) refuse('host', 'Enter a host name or an IP address.');
      if (target.passphraseFile) refuse('passphraseFile', 'Only a certificate file can have a passphrase.');
      return;
    }
    for (const field of hostFields) {
      if (target[field] !== undefined)
        refuse(field, 'A certificate file has no host, port, server name or STARTTLS.');
    }
  })
  .transform(
    ({ host = '', port = 443, servername = null, starttls, file, passphraseFile = null }): Target => {
      if (file !== undefined) return { file, passphraseFile };
      return { host, port, servername, starttls: starttls === undefined ? guessStarttls(port) : starttls };
    },
  )
  .describe('The host or certificate file to watch.');

/** Changes to a target: the fields given replace those that stand. */
export const targetPatchSchema = z
  .strictObject(targetFields)
  .describe('Changes to the target: each given field replaces the current value.');

const hostTargetSchema = z.strictObject({
  host: hostSchema,
  port: portSchema,
  servername: nullableServername,
  starttls: nullableStarttls,
});
const fileTargetSchema = z.strictObject({
  file: fileSchema,
  entry: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'The certificate in the file, for a job that a source manages: its alias, place or name. Left out: the whole file.',
    ),
  passphraseFile: nullablePassphraseFile,
});

/** A target with every field settled. `servername` null: the host itself is asked for. */
export const targetSchema = z
  .union([hostTargetSchema, fileTargetSchema])
  .describe('The host or certificate file to watch.');

export type HostTarget = z.infer<typeof hostTargetSchema>;
export type FileTarget = z.infer<typeof fileTargetSchema>;
export type Target = HostTarget | FileTarget;

/** What a typed or pasted text was understood as, or the sentence that says why it was not. */
export type ParsedTarget = { ok: true; target: Target; note?: string } | { ok: false; message: string };

/**
 * Reads a target from what a person types or pastes: an address as `readAddressText` has it, with a note behind a comma, or the path of a
 * certificate file (absolute, or beginning with `./`, `../` or `file:`).
 */
export function parseTarget(text: string): ParsedTarget {
  const bare = unwrapPasted(text);
  const file = readFilePath(bare);
  const address = file === null ? readAddressText(bare) : null;
  if (address?.ok === false) return address;
  const { host, port, starttls, note = '' } = address ?? {};
  const parsed = targetInputSchema.safeParse(file === null ? { host, port, starttls } : { file });
  if (!parsed.success)
    return { ok: false, message: parsed.error.issues[0]?.message ?? 'This is not a host.' };
  return { ok: true, target: parsed.data, ...(note === '' ? {} : { note }) };
}

/** Two targets with the same key are the same to a server. */
export function targetKey(target: Target): string {
  if (isFileTarget(target))
    return JSON.stringify(target.entry === undefined ? [target.file] : [target.file, target.entry]);
  const { host, port, servername, starttls } = target;
  return JSON.stringify([host.replace(/\.$/, ''), port, servername ?? '', starttls ?? '']);
}

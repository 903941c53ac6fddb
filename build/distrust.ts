/**
 * Writes the dates after which Mozilla distrusts roots of its list: `node build/distrust.ts CERTDATA [REVISION]`.
 * CERTDATA is lib/ckfw/builtins/certdata.txt of NSS; REVISION names the commit and day that it is of.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const output = join(import.meta.dirname, '../electron/engine/verify/distrust-dates.ts');

/** A root with the date that its CKA_NSS_SERVER_DISTRUST_AFTER gives. */
interface DistrustDate {
  label: string;
  /** SHA-256 of the root's DER, as node:crypto writes it. */
  fingerprint256: string;
  /** ISO 8601. */
  after: string;
}

/**
 * Reads the roots of a certdata.txt that have a date of distrust for servers, at their certificates as Firefox does (NSSCertDBTrustDomain.cpp, IsDistrustedCertificateChain, asks the object that
 * PK11_FindEncodedCertInSlot finds). One at a trust object alone, as Izenpe's does, has no effect there.
 * @throws Error where the form is another
 */
export function readDistrustDates(text: string): DistrustDate[] {
  const objects = text
    .split(/^CKA_CLASS /m)
    .filter((object) => /^CK_OBJECT_CLASS CKO_CERTIFICATE$/m.test(object));
  if (objects.length === 0) throw new Error('The file holds no certificate.');
  return objects.flatMap((object) => {
    const date = octal(object, 'CKA_NSS_SERVER_DISTRUST_AFTER');
    if (!date) return [];
    const der = octal(object, 'CKA_VALUE');
    const label = /^CKA_LABEL UTF8 "(.*)"$/m.exec(object)?.[1];
    if (!der || label === undefined) throw new Error('A certificate has no value or no label.');
    const digest = createHash('sha256').update(der).digest('hex').toUpperCase();
    return [
      { label, fingerprint256: digest.replace(/..(?!$)/g, '$&:'), after: dateOf(date.toString('latin1')) },
    ];
  });
}

/** The bytes of a MULTILINE_OCTAL attribute; undefined where the attribute is of another type. */
function octal(object: string, attribute: string): Buffer | undefined {
  const lines = new RegExp(`^${attribute} MULTILINE_OCTAL\\n([\\\\0-7\\n]*?)^END$`, 'm').exec(object)?.[1];
  return lines === undefined
    ? undefined
    : Buffer.from([...lines.matchAll(/\\([0-7]{3})/g)].map(([, digits = '']) => Number.parseInt(digits, 8)));
}

/** A UTCTime, `241130235959Z`, whose years of two digits are of this century here. */
function dateOf(text: string): string {
  const parts = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!parts) throw new Error(`${text} is no date.`);
  const [, year, month, day, hour, minute, second] = parts;
  return new Date(`20${year}-${month}-${day}T${hour}:${minute}:${second}Z`).toISOString();
}

/** The module that the program reads. */
export function distrustModule(text: string, ofRevision: string): string {
  const digest = createHash('sha256').update(text).digest('hex');
  const entries = readDistrustDates(text).map(
    ({ label, fingerprint256, after }) => `  // ${label}\n  ['${fingerprint256}', '${after}'],\n`,
  );
  return `// Made by build/distrust.ts. Source: NSS, lib/ckfw/builtins/certdata.txt,
// ${ofRevision},
// SHA-256 ${digest}.

/** CKA_NSS_SERVER_DISTRUST_AFTER of Mozilla's roots: SHA-256 of the root, and the date (ISO 8601). */
export const distrustDates: ReadonlyMap<string, string> = new Map([
${entries.join('')}]);
`;
}

const [certdata, revision = 'of an unnamed revision'] = process.argv.slice(2);
if (import.meta.main) {
  if (certdata === undefined) {
    process.stderr.write('Usage: node build/distrust.ts CERTDATA [REVISION]\n');
    process.exitCode = 64;
  } else writeFileSync(output, distrustModule(readFileSync(certdata, 'utf8'), revision));
}

import { createHash } from 'node:crypto';
import { bare, type HeldCertificate } from '../../probe/files/forms/held.ts';
import { readPem } from '../../probe/files/pem.ts';
import { runProgram } from './run-program.ts';

/** The program by which keychains are read. */
export const securityProgram = '/usr/bin/security';

/**
 * Lists the certificates of a keychain by security(1), and for which of them it holds the key. It unlocks nothing, asks no one, and no
 * private key is touched: the public parts are open to everybody.
 * @throws ProgramError; the signal's reason where it aborts
 */
export async function listKeychain(
  keychain: string,
  program: string,
  signal: AbortSignal,
): Promise<HeldCertificate[]> {
  const certificates = await runProgram(program, ['find-certificate', '-a', '-p', keychain], signal);
  const identities = await runProgram(program, ['find-identity', keychain], signal);
  return readKeychain(certificates, identities);
}

/** Reads the certificates in PEM, and the identities, which go by the SHA-1 of their certificates: `  1) 5E1C… "web.test"`. */
export function readKeychain(certificates: Buffer, identities: Buffer): HeldCertificate[] {
  const withKey = new Set(
    [...identities.toString('latin1').matchAll(/^ {0,20}\d{1,9}\) ([0-9A-F]{40}) /gm)].map(
      ([, sha1]) => sha1,
    ),
  );
  return readPem(certificates.toString('latin1')).map((der) => ({
    ...bare(der),
    hasKey: withKey.has(createHash('sha1').update(der).digest('hex').toUpperCase()),
  }));
}

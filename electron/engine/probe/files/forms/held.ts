/** One certificate as a file holds it. */
export interface HeldCertificate {
  der: Buffer;
  /** The alias or friendly name under which a keystore holds it; null: none. */
  alias: string | null;
  /** Where in a structured file it stands: `users[0].user.client-certificate-data`; null: in a file without places. */
  place: string | null;
  /** Whether the file also contains the private key. */
  hasKey: boolean;
  /** The certificates that came with it as its chain; empty where the file does not say. */
  chain: Buffer[];
}

/** Returns a certificate without anything beside it. */
export function bare(der: Buffer, place: string | null = null): HeldCertificate {
  return { der, alias: null, place, hasKey: false, chain: [] };
}

/** No file holds more certificates than this; what follows is not read. */
export const maxCertificates = 2_000;

/** Why a file cannot be read, as the end of a sentence that begins with its path: `needs a passphrase.` */
export class FormError extends Error {
  override name = 'FormError';
}

import { UnreachableError } from '../unreachable.ts';
import { NotSpoken } from './not-spoken.ts';

interface AlertDescription {
  name: string;
  /** What it means for a person, as a sentence without its end. */
  words: string;
}

/**
 * Alert descriptions by their numbers: the 27 of RFC 8446 §6, and those that only older versions or other extensions send
 * (RFC 5246 §7.2, RFC 6066 §9, RFC 9849 §6). The words follow RFC 8446 §6.1 and §6.2.
 */
const descriptions: Readonly<Record<number, AlertDescription>> = {
  0: { name: 'close_notify', words: 'The server closed the connection during the TLS handshake' },
  10: { name: 'unexpected_message', words: 'The server received a message that it did not expect' },
  20: { name: 'bad_record_mac', words: 'The server could not decrypt or authenticate a record' },
  22: { name: 'record_overflow', words: 'The server received a record longer than it accepts' },
  40: {
    name: 'handshake_failure',
    words: 'The server and this program have no TLS settings in common',
  },
  42: { name: 'bad_certificate', words: 'The server rejects the client certificate as damaged' },
  43: { name: 'unsupported_certificate', words: 'The server does not support the client certificate’s type' },
  44: { name: 'certificate_revoked', words: 'The server rejects the client certificate as revoked' },
  45: { name: 'certificate_expired', words: 'The server rejects the client certificate as expired' },
  46: {
    name: 'certificate_unknown',
    words: 'The server rejects the client certificate for a reason that it does not name',
  },
  47: { name: 'illegal_parameter', words: 'The server rejects a value in the handshake as invalid' },
  48: { name: 'unknown_ca', words: 'The server does not know or trust the CA of the client certificate' },
  49: { name: 'access_denied', words: 'The server denies access during the handshake' },
  50: { name: 'decode_error', words: 'The server could not decode a handshake message' },
  51: {
    name: 'decrypt_error',
    words: 'The server could not verify a signature or decrypt a message of the handshake',
  },
  70: { name: 'protocol_version', words: 'The server accepts no TLS version that this program speaks' },
  71: { name: 'insufficient_security', words: 'The server finds the offered settings too weak' },
  80: { name: 'internal_error', words: 'The server reports an internal error during the handshake' },
  86: {
    name: 'inappropriate_fallback',
    words: 'The server refuses the connection as an unnecessary fallback to an older TLS version',
  },
  90: { name: 'user_canceled', words: 'The server’s side canceled the handshake' },
  109: { name: 'missing_extension', words: 'The server needs a TLS extension that was not offered' },
  110: { name: 'unsupported_extension', words: 'The server rejects a TLS extension that it did not ask for' },
  112: { name: 'unrecognized_name', words: 'The server does not know this name' },
  113: {
    name: 'bad_certificate_status_response',
    words: 'The server rejects the stapled OCSP response as invalid',
  },
  115: { name: 'unknown_psk_identity', words: 'The server accepts only clients with a pre-shared key' },
  116: { name: 'certificate_required', words: 'The server demands a client certificate' },
  120: {
    name: 'no_application_protocol',
    words: 'The server wants an application protocol that was not offered',
  },

  21: { name: 'decryption_failed', words: 'The server could not decrypt a record' },
  30: { name: 'decompression_failure', words: 'The server could not decompress a record' },
  41: { name: 'no_certificate', words: 'The server received no client certificate' },
  60: { name: 'export_restriction', words: 'The server refuses the connection because of export rules' },
  100: { name: 'no_renegotiation', words: 'The server refuses to negotiate again' },
  111: {
    name: 'certificate_unobtainable',
    words: 'The server could not fetch the client certificate from its URL',
  },
  114: {
    name: 'bad_certificate_hash_value',
    words: 'The server fetched a client certificate that does not match its hash',
  },
  121: { name: 'ech_required', words: 'The server demands Encrypted Client Hello' },
};

export const closeNotify = 0;
export const handshakeFailure = 40;
export const noApplicationProtocol = 120;

/** The alerts with which a server refuses a client because of its certificate, or because it has none. */
const clientRefusals: ReadonlySet<number> = new Set([40, 42, 43, 44, 45, 46, 48, 49, 116]);

/** The server ended the handshake with an alert: the sentence says which, in words and by its name. */
export class AlertError extends UnreachableError {
  readonly alert: number;

  constructor(alert: number, options?: ErrorOptions) {
    super(alert === closeNotify ? 'reset' : 'handshake', alertSentence(alert), options);
    this.name = 'AlertError';
    this.alert = alert;
  }

  /** Whether a document names the alert. TLS libraries do: of any other, node:tls reports nothing at all. */
  get isNamed(): boolean {
    return this.alert in descriptions;
  }

  /** Whether the server may have meant the client's certificate, or the lack of one. */
  get refusesClient(): boolean {
    return clientRefusals.has(this.alert);
  }
}

function alertSentence(alert: number): string {
  const { name, words } = descriptions[alert] ?? {
    name: `number ${alert}`,
    words: 'The server ended the TLS handshake with an alert that has no name',
  };
  return `${words} (alert ${name}).`;
}

/** Reasons of both libraries from here on are alerts that the peer sent: 1000 and the alert's number. */
const firstAlertReason = 1000;

/**
 * Returns the alert that a TLS library's error means; null if it means none. OpenSSL and BoringSSL both make
 * the reason of an alert from its number (SSL_AD_REASON_OFFSET in their ssl.h) and print the packed code in hexadecimal,
 * the reason in its low 12 bits, as in `error:0A000418:SSL routines`.
 */
export function alertOf(error: Error): number | null {
  const packed = /\berror:([\dA-F]{8}):/i.exec(error.message)?.[1];
  if (packed === undefined) return null;
  const alert = (Number.parseInt(packed, 16) & 0xfff) - firstAlertReason;
  return alert >= 0 && alert <= 255 ? alert : null;
}

/** Whether an error of a reader shows that the server speaks TLS, though nothing was read: an alert, or what breaks its rules. */
export function isSpokenInTls(error: unknown): boolean {
  if (error instanceof AlertError || error instanceof NotSpoken) return true;
  return error instanceof UnreachableError && error.reason === 'handshake';
}

/** Alert descriptions by their numbers: RFC 8446 §6, and RFC 5246 §7.2 for those that TLS 1.3 no longer sends. */
const names: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  60: 'export_restriction',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  111: 'certificate_unobtainable',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  114: 'bad_certificate_hash_value',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

export const closeNotify = 0;

export function alertName(description: number): string {
  return names[description] ?? `number ${description}`;
}

const sentences: Readonly<Record<string, string>> = {
  handshake_failure: 'The server and this program have no TLS settings in common',
  unrecognized_name: 'The server does not know this name',
  protocol_version: 'The server accepts no TLS version that this program speaks',
  internal_error: 'The server reports an internal error during the handshake',
  access_denied: 'The server denies access during the handshake',
  certificate_required: 'The server demands a client certificate',
  insufficient_security: 'The server finds the offered settings too weak',
  no_application_protocol: 'The server wants an application protocol that was not offered',
};

/** What an alert means for a person, with its name. */
export function alertSentence(name: string): string {
  return `${sentences[name] ?? 'The server broke the TLS handshake off'} (alert ${name}).`;
}

/** Alerts for which there is a sentence of their own. */
export const knownAlerts: readonly string[] = Object.keys(sentences);

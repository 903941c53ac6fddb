const pemBlock =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([\s\S]+?)-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** The certificates of a PEM text in DER. */
export function readPem(text: string): Buffer[] {
  return [...text.matchAll(pemBlock)].map(([, body = '']) => Buffer.from(body, 'base64'));
}

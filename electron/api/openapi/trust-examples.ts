import type { ApiExample } from './examples.ts';

/** What the extensions of a server's certificate say. */
export const leafExtensions = {
  keyUsage: ['digitalSignature'],
  basicConstraints: { ca: false, pathLength: null },
  nameConstraints: null,
  ocspUrls: ['http://ocsp.ca.example'],
  issuerUrls: ['http://ca.example/1.cer'],
  crlUrls: [],
};

const certificate = (fingerprint256: string) => ({
  subject: 'CN=www.example.com',
  issuer: 'CN=Example CA 1, O=Example Corp',
  sans: ['www.example.com', 'example.com'],
  serialNumber: '04D2',
  fingerprint256,
  validFrom: '2026-06-15T08:00:00.000Z',
  validTo: '2026-09-13T08:00:00.000Z',
  daysRemaining: -72,
  key: { type: 'ec', bits: 256, curve: 'prime256v1', fingerprint256: null },
  signatureAlgorithm: 'ecdsa-with-SHA256',
  extendedKeyUsage: ['serverAuth'],
  extensions: leafExtensions,
  selfSigned: false,
});
const caFiles = ['/home/me/.config/NotAfter/trusted/5e1c9a00.pem'];

/** Returns how a certificate that a job shows is read in full and trusted, and how that is undone. */
export function trustExamples(id: string, job: object, fingerprint256: string): Record<string, ApiExample> {
  const body = { fingerprint256, scope: 'host' };
  return {
    'jobs.certificate': { params: { id, fingerprint256 }, answer: certificate(fingerprint256) },
    'jobs.trust': { params: { id }, body, answer: { ...job, caFiles } },
    'jobs.untrust': { params: { id }, body, answer: job },
  };
}

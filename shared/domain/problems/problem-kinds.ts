import { dateInWords, list } from '../../text/words.ts';
import { shortName } from '../distinguished-name.ts';
import { dateProblems } from './date-problems.ts';
import { issuerOf, quote } from './evidence.ts';
import { pathProblem } from './path-problems.ts';
import type { ProblemKind } from './problem-kind.ts';
import { serverProblems } from './server-problems.ts';

/** Worst for people first. What is added here is known everywhere: see CONTRIBUTING.md. */
const problemKinds = {
  expired: dateProblems.expired,

  'not-yet-valid': dateProblems['not-yet-valid'],

  revoked: {
    label: 'Revoked',
    matter: 'has a revoked certificate',
    mended: 'a revoked certificate',
    severity: 'critical',
    find({ revokedAt }) {
      if (revokedAt === null) return null;
      return {
        message: `Revoked by its issuer on ${dateInWords(revokedAt)}.`,
        remedy: 'Get a new certificate, with a new key if the old one may have leaked.',
      };
    },
  },

  /** RFC 8446 §4.4.3, RFC 5246 §7.4.3: without the proof anybody could show the certificate. */
  'key-not-proven': {
    label: 'Key not proven',
    matter: 'does not prove that it holds the key',
    mended: 'a certificate whose key was not proven',
    severity: 'critical',
    find({ keyFault }) {
      if (keyFault === null) return null;
      const { ending, lacksClientCertificate } = keyFault;
      const message = `The server presented this certificate but did not prove that it holds the key. ${ending}`;
      if (!lacksClientCertificate) {
        return {
          message,
          remedy:
            'Check the server’s log for the failed handshake, and check that nothing intercepts the connection. Clients reject it.',
        };
      }
      return {
        severity: 'warning',
        message: `${message} It requires a client certificate first.`,
        remedy: 'Give this host a client certificate, or turn on ECDHE key exchange on the server.',
      };
    },
  },

  'hostname-mismatch': {
    label: 'Wrong name',
    matter: 'shows a certificate for another name',
    mended: 'a certificate for another name',
    severity: 'critical',
    find({ leaf, host, nameMatch }) {
      if (host === null || nameMatch === 'covered') return null;
      if (nameMatch === 'public-suffix') {
        return {
          message: `The certificate covers ${host} only through a wildcard directly below a public suffix, which Chrome rejects.`,
          remedy: `Request a certificate with ${host} itself among its subject alternative names.`,
        };
      }
      if (nameMatch === 'address-as-name') {
        return {
          message: `The certificate has ${host} as a DNS name, not as an IP address.`,
          remedy: `Request a certificate with ${host} as an IP address.`,
        };
      }
      const names =
        leaf.sans.length === 0
          ? 'has no DNS name or IP address among its subject alternative names'
          : `is for ${list(leaf.sans)}`;
      return {
        message: `The certificate ${names}, not for ${host}.`,
        remedy: `Request a certificate with ${host} among its subject alternative names, or check that the server is configured for this name.`,
      };
    },
  },

  'self-signed': {
    label: 'Self-signed',
    matter: 'shows a self-signed certificate',
    mended: 'a self-signed certificate',
    severity: 'critical',
    find({ chain, leaf, judgesTrust }) {
      if (chain.kind !== 'self-signed' || !judgesTrust) return null;
      return {
        message: 'Self-signed: no CA vouches for this certificate.',
        remedy: `Install a certificate from a CA, or add this one (${quote(leaf)}) under CA files if you trust it.`,
      };
    },
  },

  'untrusted-issuer': {
    label: 'Untrusted issuer',
    matter: 'shows a certificate from an untrusted issuer',
    mended: 'an issuer that was not trusted',
    severity: 'critical',
    find({ chain, judgesTrust }) {
      if (chain.kind !== 'untrusted' || !judgesTrust) return null;
      const top = chain.path.at(-1);
      if (!top) return null;
      const authority = top.selfSigned ? quote(top) : issuerOf(top);
      return {
        message: `The chain ends at ${authority}, which is not trusted on this machine.`,
        remedy: `If ${authority} is your own CA, add its certificate under CA files; otherwise replace the certificate on the server.`,
      };
    },
  },

  'incomplete-chain': {
    label: 'Incomplete chain',
    matter: 'does not send the complete chain',
    mended: 'an incomplete chain',
    severity: 'critical',
    find({ chain, leaf, judgesTrust }) {
      if (chain.kind !== 'incomplete' || !judgesTrust) return null;
      const issuer = shortName(leaf.issuer);
      return {
        message: `The server does not send the certificate of its issuer “${issuer}”; only clients that already have it accept the server.`,
        remedy: `Append ${issuer} to the certificate file (with certbot: use fullchain.pem rather than cert.pem). If it is your own root CA, add its certificate under CA files.`,
      };
    },
  },

  'bad-signature': {
    label: 'Bad signature',
    matter: 'has a signature that its issuer did not make',
    mended: 'a bad signature',
    severity: 'critical',
    find({ chain, judgesTrust }) {
      const top = chain.path.at(-1);
      if (chain.kind !== 'bad-signature' || !judgesTrust || !top) return null;
      return {
        message: `${quote(top)} is not signed with the key of the ${issuerOf(top)} that was sent.`,
        remedy: `Serve the version of ${issuerOf(top)} that issued it, or reissue the certificate. Clients refuse this one.`,
      };
    },
  },

  'distrusted-root': serverProblems['distrusted-root'],

  expiring: dateProblems.expiring,

  'intermediate-expiring': dateProblems['intermediate-expiring'],

  'issuer-not-yet-valid': dateProblems['issuer-not-yet-valid'],

  'replaced-by-older': {
    label: 'Replaced by an older one',
    matter: 'was replaced by an older certificate',
    mended: 'an older certificate in place of a newer one',
    severity: 'warning',
    find({ newerSeen, leaf }) {
      if (newerSeen === null) return null;
      return {
        message: `An older certificate replaced a newer one: it expires on ${dateInWords(leaf.validTo)} instead of ${dateInWords(newerSeen)}.`,
        remedy: 'Put the newer certificate back, and check why the renewal was undone.',
      };
    },
  },

  'malformed-certificate': pathProblem('malformed-certificate'),
  'critical-extension': pathProblem('critical-extension'),
  'refused-extension': pathProblem('refused-extension'),
  'wrong-usage': pathProblem('wrong-usage'),
  'key-usage': pathProblem('key-usage'),
  'ca-as-server': pathProblem('ca-as-server'),
  'not-a-ca': pathProblem('not-a-ca'),
  'path-length': pathProblem('path-length'),
  'issuer-key-usage': pathProblem('issuer-key-usage'),
  'issuer-not-for-servers': pathProblem('issuer-not-for-servers'),
  'name-constraints': pathProblem('name-constraints'),
  'authority-key-mismatch': pathProblem('authority-key-mismatch'),
  'invalid-policy': pathProblem('invalid-policy'),
  'weak-key': pathProblem('weak-key'),
  'unsupported-key': pathProblem('unsupported-key'),
  'weak-signature': pathProblem('weak-signature'),

  'no-scts': serverProblems['no-scts'],
  'missing-staple': serverProblems['missing-staple'],

  'revocation-unchecked': serverProblems['revocation-unchecked'],

  'old-protocol': {
    label: 'Old protocol',
    matter: 'supports only an old TLS version',
    mended: 'an old TLS version',
    severity: 'critical',
    find({ protocol }) {
      if (protocol === null || !/^(SSLv\d|TLSv1(\.1)?)$/.test(protocol)) return null;
      return {
        message: `The server supports only ${protocol === 'TLSv1' ? 'TLS 1.0' : protocol.replace('v', ' ')}, which browsers reject (RFC 8996).`,
        remedy: 'Turn on TLS 1.2 and 1.3 on the server, or update it.',
      };
    },
  },

  'old-cipher': serverProblems['old-cipher'],

  'validity-too-long': dateProblems['validity-too-long'],

  'expired-staple': serverProblems['expired-staple'],
  'invalid-staple': serverProblems['invalid-staple'],
  'missing-identifier': pathProblem('missing-identifier'),
  'common-name': pathProblem('common-name'),
  'unusual-name': pathProblem('unusual-name'),
  'unusual-field': pathProblem('unusual-field'),
  'issuer-spelling': pathProblem('issuer-spelling'),
  'long-chain': pathProblem('long-chain'),
} as const satisfies Record<string, ProblemKind>;

type CertificateProblem = keyof typeof problemKinds;

/** Every kind by its code. */
// SAFETY: Object.entries forgets what the keys are; they are those of the table.
export const problemEntries = Object.entries<ProblemKind>(problemKinds) as [
  CertificateProblem,
  ProblemKind,
][];

/** What a code means; undefined for `unreachable`, and for a code that another version wrote. */
export function problemKind(code: string): ProblemKind | undefined {
  return byCode.get(code);
}

const byCode: ReadonlyMap<string, ProblemKind> = new Map(problemEntries);

export const certificateProblems = problemEntries.map(([code]) => code);

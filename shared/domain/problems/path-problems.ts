import { severities } from '../severity.ts';
import type { ChainFault, Evidence, PathProblemCode } from './evidence.ts';
import type { Finding, ProblemKind } from './problem-kind.ts';

/** What is known of a kind of fault beside where it was found. */
interface PathProblem extends Pick<ProblemKind, 'label' | 'matter' | 'mended' | 'severity'> {
  remedy: string;
}

/** The kinds that path validation finds. The engine's rules say what is wrong; this table says what to do about it. */
const pathProblems: Readonly<Record<PathProblemCode, PathProblem>> = {
  'malformed-certificate': {
    label: 'Malformed certificate',
    matter: 'has a certificate that clients cannot read',
    mended: 'a malformed certificate',
    severity: 'critical',
    remedy: 'Reissue it with software that follows RFC 5280. Clients reject this one.',
  },
  'wrong-usage': {
    label: 'Not for servers',
    matter: 'shows a certificate that is not for servers',
    mended: 'a certificate that was not for servers',
    severity: 'critical',
    remedy: 'Reissue it with serverAuth, and without OCSPSigning, in its extended key usage.',
  },
  'key-usage': {
    label: 'Wrong key usage',
    matter: 'has a key usage that does not fit servers',
    mended: 'a key usage that did not fit servers',
    severity: 'critical',
    remedy: 'Reissue it with digitalSignature in its key usage (for RSA, keyEncipherment too).',
  },
  'ca-as-server': {
    label: 'CA certificate on a server',
    matter: 'shows a CA certificate as its own',
    mended: 'a CA certificate on a server',
    severity: 'critical',
    remedy: 'Issue a server certificate with CA:FALSE from this CA, and serve that.',
  },
  'not-a-ca': {
    label: 'Issuer is not a CA',
    matter: 'has an issuer that is not a CA',
    mended: 'an issuer that was not a CA',
    severity: 'critical',
    remedy:
      'Reissue the issuer with CA:TRUE in its basic constraints, or the certificate from a CA that has it.',
  },
  'path-length': {
    label: 'Too many CAs',
    matter: 'has more CAs in its chain than one of them allows',
    mended: 'more CAs in its chain than allowed',
    severity: 'critical',
    remedy: 'Reissue the CA with a larger path length, or the certificate from a CA closer to the root.',
  },
  'issuer-key-usage': {
    label: 'Issuer may not sign',
    matter: 'has an issuer that may not sign certificates',
    mended: 'an issuer that could not sign certificates',
    severity: 'critical',
    remedy: 'Reissue the CA with keyCertSign in its key usage.',
  },
  'issuer-not-for-servers': {
    label: 'CA not for servers',
    matter: 'has a CA that may not issue server certificates',
    mended: 'a CA that could not issue server certificates',
    severity: 'critical',
    remedy: 'Get the certificate from a CA for servers, or reissue this CA with serverAuth.',
  },
  'name-constraints': {
    label: 'Name not allowed',
    matter: 'has a name outside its CA’s constraints',
    mended: 'a name outside its CA’s constraints',
    severity: 'critical',
    remedy:
      'Get the certificate from a CA that may issue for its names, or reissue that CA with other constraints.',
  },
  'critical-extension': {
    label: 'Unknown critical extension',
    matter: 'has a critical extension that clients do not support',
    mended: 'an unknown critical extension',
    severity: 'critical',
    remedy: 'Reissue it without this extension, or without marking it critical.',
  },
  'refused-extension': {
    label: 'Refused extension',
    matter: 'has an extension that a client refuses',
    mended: 'an extension that a client refused',
    severity: 'critical',
    remedy: 'Reissue it without this extension.',
  },
  'authority-key-mismatch': {
    label: 'Issuer key does not match',
    matter: 'names a different key for its issuer',
    mended: 'an issuer key that did not match',
    severity: 'critical',
    remedy:
      'Reissue it from the CA’s current certificate, or serve the version of the CA that it names. OpenSSL rejects this one.',
  },
  'invalid-policy': {
    label: 'No valid policy',
    matter: 'is not valid under any certificate policy',
    mended: 'a chain without a valid policy',
    severity: 'critical',
    remedy: 'Reissue the certificate with a policy that its CAs allow. Chrome rejects this one.',
  },
  'weak-key': {
    label: 'Weak key',
    matter: 'has a weak key',
    mended: 'a weak key',
    severity: 'critical',
    remedy: 'Reissue it with a key of RSA 2048 bits or more, or ECDSA P-256.',
  },
  'unsupported-key': {
    label: 'Unsupported key',
    matter: 'has a key that browsers do not support',
    mended: 'an unsupported key',
    severity: 'critical',
    remedy: 'Reissue it with a key of RSA 2048 bits or more, or ECDSA P-256.',
  },
  'weak-signature': {
    label: 'Weak signature',
    matter: 'has a weak signature',
    mended: 'a weak signature',
    severity: 'critical',
    remedy: 'Reissue it with SHA-256 or better. Current clients reject this one.',
  },
  'missing-identifier': {
    label: 'No key identifier',
    matter: 'has a certificate without a key identifier',
    mended: 'a missing key identifier',
    severity: 'note',
    remedy: 'No action needed: clients accept it. Ask the CA to add the identifier at the next renewal.',
  },
  'common-name': {
    label: 'Common name is not among the names',
    matter: 'has a common name that is not among its names',
    mended: 'a common name that was not among its names',
    severity: 'note',
    remedy:
      'No action needed: clients ignore the common name. At the next renewal, use one of the names or leave it out.',
  },
  'unusual-name': {
    label: 'Unusual name',
    matter: 'has a name that is not a valid host name',
    mended: 'an unusual name',
    severity: 'note',
    remedy: 'No action needed while clients use another name. Correct the name at the next renewal.',
  },
  'unusual-field': {
    label: 'Unusual field',
    matter: 'has a field that deviates from a standard',
    mended: 'an unusual field',
    severity: 'note',
    remedy: 'No action needed: clients accept it. Ask the CA to correct it at the next renewal.',
  },
  'issuer-spelling': {
    label: 'Issuer name spelled differently',
    matter: 'spells its issuer’s name differently',
    mended: 'an issuer name spelled differently',
    severity: 'note',
    remedy:
      'Reissue it with the issuer’s name spelled as in the issuer’s certificate, if Firefox reports an unknown issuer.',
  },
  'long-chain': {
    label: 'Long chain',
    matter: 'has a long chain',
    mended: 'a long chain',
    severity: 'note',
    remedy: 'Get the certificate from a CA closer to the root, if Firefox must reach this server.',
  },
};

/** Turns the faults of one code into a problem. */
function findFaults(code: PathProblemCode, remedy: string): (evidence: Evidence) => Finding | null {
  return ({ chain }) => {
    const faults = chain.faults.filter((fault) => fault.code === code);
    const [worst] = faults.toSorted(
      (one, other) => severities.indexOf(other.severity) - severities.indexOf(one.severity),
    );
    if (!worst) return null;
    return { severity: worst.severity, message: faults.map(sentence).join(' '), remedy };
  };
}

/** Says of which certificate of the chain it is true. */
function sentence({ at, isRoot, name, detail }: ChainFault): string {
  if (at === 0) return `The certificate ${detail}.`;
  return `“${name}”, ${isRoot ? 'the root' : 'an intermediate'} of the chain, ${detail}.`;
}

/** Returns the complete entry of a kind for the table of problem kinds. */
export function pathProblem(code: PathProblemCode): ProblemKind {
  const { remedy, ...words } = pathProblems[code];
  return { ...words, find: findFaults(code, remedy) };
}

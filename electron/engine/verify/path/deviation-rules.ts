import { isPreferredDnsName, isPresentedDnsName } from './dns-names.ts';
import { serverAuth } from './issuer-rules.ts';
import { addressWords } from './name-constraints.ts';
import type { Link, PathRule } from './rule.ts';

/** CAs between leaf and anchor that Firefox follows (mozpkix pkixbuild.cpp, MAX_SUBCA_COUNT). */
const maxIntermediates = 6;

const anyUsage = '2.5.29.37.0';

const isCritical = ({ details }: Link, oid: string) =>
  details.extensions.some((one) => one.oid === oid && one.isCritical);
const isPresentButNotCritical = ({ details }: Link, oid: string) =>
  details.extensions.some((one) => one.oid === oid && !one.isCritical);

/** What standards ask for and no client refuses: told with the certificate, never part of its status. */
export const deviationRules: readonly PathRule[] = [
  {
    // RFC 5280 §4.2.1.1 and §4.2.1.2.
    code: 'missing-identifier',
    severity: 'note',
    place: 'link',
    isIntrinsic: true,
    find({ details, certificate, at }) {
      if (at > 0 && details.subjectKeyId === null) return 'is a CA without a subject key identifier';
      if (details.authorityKeyId && details.authorityKeyId.keyId === null)
        return 'names its issuer without a key identifier';
      if (!certificate.isSelfIssued && details.authorityKeyId === null)
        return 'has no authority key identifier';
      return null;
    },
  },
  {
    // Baseline Requirements §7.1.4.3: the common name is one of the alternative names.
    code: 'common-name',
    severity: 'note',
    place: 'server',
    find({ details: { subject, sans } }) {
      if (sans === null) return null; // Which is a mismatch of the host's name already.
      // Character for character; an IPv6 address as RFC 5952 spells it.
      const names = sans.flatMap((name) => {
        if (name.kind === 'dns') return [name.value];
        return name.kind === 'ip' ? [addressWords(name.value)] : [];
      });
      const strange = subject.commonNames.find((name) => !names.includes(name));
      return strange === undefined
        ? null
        : `has the common name ${strange}, which is not among its alternative names`;
    },
  },
  {
    // RFC 5280 §4.2.1.6.
    code: 'unusual-name',
    severity: 'note',
    place: 'link',
    isIntrinsic: true,
    find({ details: { sans, nameConstraints } }) {
      const name = (sans ?? []).find((one) => one.kind === 'dns' && !isPreferredDnsName(one.value));
      if (name?.kind === 'dns')
        return isPresentedDnsName(name.value)
          ? `has the name ${name.value}; host names must not contain an underscore`
          : `has the name “${name.value}”, which is not a valid host name`;
      const subtrees = [...(nameConstraints?.permitted ?? []), ...(nameConstraints?.excluded ?? [])];
      const dotted = subtrees.find((one) => one.kind === 'dns' && /^\.|\.$/.test(one.value));
      return dotted?.kind === 'dns'
        ? `has the constraint ${dotted.value}, whose first or last dot is not allowed there`
        : null;
    },
  },
  {
    code: 'unusual-field',
    severity: 'note',
    place: 'link',
    isIntrinsic: true,
    find: (link) => deviations(link).join('; it ') || null,
  },
  {
    // RFC 5280 §7.1 lets them match; Firefox compares bytes (mozpkix pkixbuild.cpp).
    code: 'issuer-spelling',
    severity: 'note',
    place: 'link',
    find: ({ details, issuer, isAnchor }) =>
      isAnchor || !issuer?.details || issuer.details.subject.raw.equals(details.issuer.raw)
        ? null
        : 'spells its issuer’s name differently than the issuer does, so Firefox does not match them',
  },
  {
    code: 'long-chain',
    severity: 'note',
    place: 'leaf',
    find: ({ path }) =>
      path.length - 2 > maxIntermediates
        ? `is ${path.length - 2} CAs below its root, and Firefox follows ${maxIntermediates}`
        : null,
  },
];

/** Fields that RFC 5280 or the Baseline Requirements want otherwise, each as the end of a sentence. */
function deviations(link: Link): string[] {
  const { details, isLeaf, isAnchor } = link;
  const { basicConstraints, keyUsage, key } = details;
  const isCa = basicConstraints?.isCa === true;
  const isIssuer = link.at > 0;
  const found: [string, boolean][] = [
    ['has a serial number that is not positive (RFC 5280 §4.1.2.2)', !isPositive(details.serialNumber)],
    ['has a serial number of more than 20 octets (RFC 5280 §4.1.2.2)', details.serialNumber.length > 20],
    [
      'is not a CA, but its key usage allows signing certificates (RFC 5280 §4.2.1.3)',
      isLeaf && !isCa && keyUsage?.has('keyCertSign') === true,
    ],
    [
      'is not a CA, but has a path length, so OpenSSL rejects it (RFC 5280 §4.2.1.9)',
      isLeaf && !isCa && typeof basicConstraints?.pathLength === 'number',
    ],
    [
      'is not a CA, but has name constraints (RFC 5280 §4.2.1.10)',
      isLeaf && !isCa && details.nameConstraints !== null,
    ],
    [
      'has policy constraints that are not marked critical (RFC 5280 §4.2.1.11)',
      isPresentButNotCritical(link, '2.5.29.36'),
    ],
    [
      'has an inhibitAnyPolicy that is not marked critical (RFC 5280 §4.2.1.14)',
      isPresentButNotCritical(link, '2.5.29.54'),
    ],
    [
      'has name constraints that are not marked critical (RFC 5280 §4.2.1.10)',
      isPresentButNotCritical(link, '2.5.29.30'),
    ],
    [
      'has basic constraints that are not marked critical (RFC 5280 §4.2.1.9)',
      isIssuer && isPresentButNotCritical(link, '2.5.29.19'),
    ],
    [
      'has a subject, but its alternative names are marked critical (RFC 5280 §4.2.1.6)',
      details.subject.rdns.length > 0 && isCritical(link, '2.5.29.17'),
    ],
    [
      `marks its extended key usage critical (Baseline Requirements ${isLeaf ? '§7.1.2.7.6' : '§7.1.2.6.1'})`,
      isCritical(link, '2.5.29.37'),
    ],
    [
      'also names its issuer by name and serial number (Baseline Requirements §7.1.2.11.1)',
      (details.authorityKeyId?.issuer ?? null) !== null,
    ],
    [
      'has no extended key usage (Baseline Requirements §7.1.2.7.6)',
      isLeaf && !isCa && details.extendedKeyUsage === null,
    ],
    [
      'is for any use beside servers by its extended key usage (Baseline Requirements §7.1.2.7.10)',
      isLeaf && details.extendedKeyUsage?.includes(anyUsage) === true,
    ],
    [
      'is not a CA, but its key usage allows signing revocation lists (Baseline Requirements §7.1.2.7.11)',
      isLeaf && !isCa && keyUsage?.has('cRLSign') === true,
    ],
    [
      'has a key usage that is not marked critical (RFC 5280 §4.2.1.3)',
      isPresentButNotCritical(link, '2.5.29.15'),
    ],
    [
      'is a root with an extended key usage (Baseline Requirements §7.1.2.1.2)',
      isIssuer &&
        isAnchor &&
        link.certificate.isSelfIssued &&
        details.extendedKeyUsage?.includes(serverAuth) === true,
    ],
    ['is a CA without key usage (RFC 5280 §4.2.1.3)', isIssuer && details.version === 3 && keyUsage === null],
    [
      'is a CA whose key usage does not allow signing revocation lists (Baseline Requirements §7.1.2.10.7)',
      isIssuer && keyUsage !== null && !keyUsage.has('cRLSign'),
    ],
    ['writes a date before 2050 as GeneralizedTime (RFC 5280 §4.1.2.5)', details.hasUnusualDates],
    [
      'has an RSA key whose size is not divisible by 8 (Baseline Requirements §6.1.5)',
      key.rsa !== null && key.rsa.modulusBits % 8 !== 0,
    ],
  ];
  return found.filter(([, isSo]) => isSo).map(([words]) => words);
}

function isPositive(serial: Buffer): boolean {
  return (serial[0] ?? 0x80) < 0x80 && serial.some((octet) => octet !== 0);
}

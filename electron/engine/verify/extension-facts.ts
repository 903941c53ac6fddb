import type { CertificateFacts } from '../../../shared/schema/certificate.ts';
import { printable } from '../printable.ts';
import { addressWords } from './path/name-constraints.ts';
import type { CertificateDetails } from './x509/certificate-details.ts';
import type { GeneralName } from './x509/general-names.ts';

type ExtensionFacts = NonNullable<CertificateFacts['extensions']>;

/** Of a longer list, so many are in a result: the certificate of a stranger decides how many there are. */
const maxListed = 50;

/** Returns what a certificate's extensions say, beside its names, as results carry it (RFC 5280 §4.2). */
export function extensionFacts(details: CertificateDetails): ExtensionFacts {
  const { keyUsage, basicConstraints, nameConstraints, authorityInfoAccess, crlPoints } = details;
  return {
    keyUsage: keyUsage && [...keyUsage],
    basicConstraints: basicConstraints && {
      ca: basicConstraints.isCa,
      pathLength: basicConstraints.pathLength,
    },
    nameConstraints: nameConstraints && {
      permitted: listed(nameConstraints.permitted.map(nameWords)),
      excluded: listed(nameConstraints.excluded.map(nameWords)),
    },
    ocspUrls: listed(authorityInfoAccess?.ocsp ?? []),
    issuerUrls: listed(authorityInfoAccess?.caIssuers ?? []),
    crlUrls: listed(crlPoints ?? []),
  };
}

const listed = (texts: readonly string[]) => texts.slice(0, maxListed).map((text) => printable(text));

/** Returns a name of a constraint in words: `.example.com`, `192.0.2.0/24`. */
function nameWords(name: GeneralName): string {
  switch (name.kind) {
    case 'dns':
    case 'email':
    case 'uri':
      return name.value === ''
        ? `every ${{ dns: 'DNS name', email: 'email address', uri: 'URI' }[name.kind]}`
        : name.value;
    case 'ip':
      return rangeWords(name.value);
    case 'directory':
      return ['a directory name', ...name.value.commonNames].join(' ');
    case 'other':
      return 'a name of another kind';
  }
}

/** Returns an address and its mask (RFC 5280 §4.2.1.10), the mask as a length where it is one. */
function rangeWords(range: Buffer): string {
  const [address, mask] = [range.subarray(0, range.length / 2), range.subarray(range.length / 2)];
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  const length = /^1*0*$/.test(bits) ? String(bits.lastIndexOf('1') + 1) : addressWords(mask);
  return `${addressWords(address)}/${length}`;
}

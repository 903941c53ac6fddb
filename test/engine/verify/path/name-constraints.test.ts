import { describe, expect, it } from 'vitest';
import { ParsedCertificate } from '../../../../electron/engine/verify/certificate.ts';
import { constraintViolation } from '../../../../electron/engine/verify/path/name-constraints.ts';
import { alternativeNames, nameConstraints } from '../../../support/odd-extensions.ts';
import { type CertificateOptions, makeCa } from '../../../support/pki.ts';

const root = makeCa('Names Root');

/** What a CA with these constraints holds against a leaf with these names. */
function violation(
  names: string[],
  constraints: { permitted?: string[]; excluded?: string[] },
  options: CertificateOptions = {},
): string | null {
  const ca = root.issue({ name: 'CA', isCa: true, sans: [], extensions: [nameConstraints(constraints)] });
  const extensions = names.length > 0 ? [alternativeNames(names)] : [];
  const leaf = ca.issue({ name: 'Leaf', ...options, extensions });
  const [caDetails, leafDetails] = [ca, leaf].map(({ der }) => new ParsedCertificate(der).details);
  if (!caDetails?.nameConstraints || !leafDetails) throw new Error('The certificates cannot be read.');
  return constraintViolation(leafDetails, caDetails.nameConstraints, true);
}

/** RFC 5280 §4.2.1.10; where it is silent, BoringSSL's pki/name_constraints.cc. */
describe('name constraints allow', () => {
  it.each([
    ['the name itself', ['DNS:a.test'], { permitted: ['DNS:a.test'] }],
    ['names below', ['DNS:b.a.test'], { permitted: ['DNS:a.test'] }],
    ['names below a constraint with a dot', ['DNS:b.a.test'], { permitted: ['DNS:.a.test'] }],
    ['any name by the empty constraint', ['DNS:b.test'], { permitted: ['DNS:'] }],
    ['another letter case', ['DNS:B.A.Test'], { permitted: ['DNS:a.TEST'] }],
    ['a wildcard whose names all lie within', ['DNS:*.a.test'], { permitted: ['DNS:a.test'] }],
    ['what only ends alike', ['DNS:ba.test'], { excluded: ['DNS:a.test'] }],
    [
      'names of a kind that has no constraint',
      ['email:x@b.test', 'DNS:a.test'],
      { permitted: ['DNS:a.test'] },
    ],
    ['one of several', ['DNS:c.test'], { permitted: ['DNS:a.test', 'DNS:c.test'] }],
    ['an address of a range', ['IP:192.0.2.9'], { permitted: ['IP:192.0.2.0/24'] }],
    ['an address out of an excluded range', ['IP:192.0.3.9'], { excluded: ['IP:192.0.2.0/24'] }],
    ['a mailbox', ['email:x@a.test'], { permitted: ['email:x@a.test'] }],
    ['mailboxes of a host', ['email:y@a.test'], { permitted: ['email:a.test'] }],
    ['mailboxes below a domain', ['email:y@b.a.test'], { permitted: ['email:.a.test'] }],
    ['a URI of the host', ['URI:https://a.test/x'], { permitted: ['URI:a.test'] }],
    ['a URI below the domain', ['URI:https://u@b.a.test:8443/x'], { permitted: ['URI:.a.test'] }],
    ['a directory name', ['dirName:A'], { permitted: ['dirName:a', 'dirName:Leaf'] }],
  ])('%s', (_, names, constraints) => expect(violation(names, constraints)).toBeNull());
});

describe('name constraints refuse', () => {
  it.each([
    ['another name', ['DNS:b.test'], { permitted: ['DNS:a.test'] }],
    ['one bad name among good ones', ['DNS:a.test', 'DNS:b.test'], { permitted: ['DNS:a.test'] }],
    ['what only ends alike', ['DNS:ba.test'], { permitted: ['DNS:a.test'] }],
    ['the domain itself where a dot stands before it', ['DNS:a.test'], { permitted: ['DNS:.a.test'] }],
    ['a wildcard that can stand for others', ['DNS:*.test'], { permitted: ['DNS:a.test'] }],
    ['a wildcard that can stand for the excluded one', ['DNS:*.a.test'], { excluded: ['DNS:b.a.test'] }],
    [
      'what is excluded though it is permitted',
      ['DNS:b.a.test'],
      { permitted: ['DNS:a.test'], excluded: ['DNS:b.a.test'] },
    ],
    ['a name that is none, where names are constrained', ['DNS:a b.a.test'], { permitted: ['DNS:a.test'] }],
    ['a constraint that is no name', ['DNS:x.a.test'], { permitted: ['DNS:*.a.test'] }],
    ['an excluded constraint that is no name', ['DNS:x.b.test'], { excluded: ['DNS:*.a.test'] }],
    ['an address out of the range', ['IP:192.0.3.9'], { permitted: ['IP:192.0.2.0/24'] }],
    ['an address of the other family', ['IP:2001:db8::1'], { permitted: ['IP:192.0.2.0/24'] }],
    ['an excluded address', ['IP:192.0.2.9'], { excluded: ['IP:192.0.2.0/24'] }],
    ['another mailbox', ['email:y@a.test'], { permitted: ['email:x@a.test'] }],
    ['an excluded mailbox in another case', ['email:X@a.test'], { excluded: ['email:x@a.test'] }],
    [
      'a mailbox of the host itself where a dot stands before it',
      ['email:x@a.test'],
      { permitted: ['email:.a.test'] },
    ],
    ['a quoted mailbox', ['email:"x"@a.test'], { permitted: ['email:a.test'] }],
    ['a URI of another host', ['URI:https://b.test/'], { permitted: ['URI:a.test'] }],
    ['a URI without a host', ['URI:urn:uuid:1'], { permitted: ['URI:a.test'] }],
    ['another directory name', ['dirName:B'], { permitted: ['dirName:A', 'dirName:Leaf'] }],
    ['the subject', [], { permitted: ['dirName:Other'] }],
  ])('%s', (_, names, constraints) => expect(violation(names, constraints)).toMatch(/^(is for|has)/));

  it('a common name that serves as a host name', () => {
    expect(violation([], { permitted: ['DNS:a.test'] }, { name: 'b.test', sans: [] })).toMatch(/b\.test/);
    expect(violation([], { permitted: ['DNS:a.test'] }, { name: 'Our printer', sans: [] })).toBeNull();
  });

  it('more comparisons than clients make', () => {
    const names = Array.from({ length: 1100 }, (_, index) => `DNS:n${index}.a.test`);
    const permitted = Array.from({ length: 1000 }, (_, index) => `DNS:c${index}.test`);
    expect(violation(names, { permitted })).toMatch(/too many names/);
  });
});

/** `openssl verify` refuses such a permitted subtree with error 47; BoringSSL drops the dot (pki/name_constraints.cc, DNSNameMatches). */
it('a constraint that ends with a dot permits nothing, and excludes what it would without', () => {
  expect(violation(['DNS:a.test'], { permitted: ['DNS:test.'] })).not.toBeNull();
  expect(violation(['DNS:a.test'], { excluded: ['DNS:test.'] })).not.toBeNull();
  expect(violation(['DNS:a.test'], { permitted: ['DNS:test.', 'DNS:test'] })).toBeNull();
});

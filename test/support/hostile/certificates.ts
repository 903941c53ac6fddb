import { makeLargeExponentKey } from '../large-exponent-key.ts';
import { ocspResponse } from '../ocsp.ts';
import { oddExtension } from '../odd-extensions.ts';
import { type Issued, makeCa } from '../pki.ts';
import { der } from '../revocation-list.ts';
import { serveTls } from '../tls-server.ts';
import type { HostileBehaviour } from './behaviour.ts';

const leafOf = (ca: Issued, options: object = {}) => ca.issue({ sans: ['localhost'], ...options });

/** A staple as in finding 2: two CAs that sign each other vouch for who signed it. */
export function circularStaple(leaf: Issued, ca: Issued): Buffer {
  const [one, two] = [makeCa('One'), makeCa('Two')];
  const circle = [one.crossSign(two), two.crossSign(one)];
  const signer = one.issue({ name: 'Responder', sans: [], usages: ['1.3.6.1.5.5.7.3.9'] });
  return ocspResponse(leaf, ca, {
    status: 'revoked',
    signer,
    certificates: [...circle.map((certificate) => certificate.der), signer.der],
  });
}

/** A staple as in finding 3: the certificate of who signed it stands first among so many others. */
export function crowdedStaple(leaf: Issued, ca: Issued, others = 200): Buffer {
  const certificates = Array.from({ length: others }, (_, index) => makeCa(`CA ${index}`).der);
  return ocspResponse(leaf, ca, { status: 'good', certificates: [ca.der, ...certificates] });
}

/** CAs of one name that all might have issued the leaf, each signed by the next. */
function crossSigned(count: number, privateKey?: Issued['privateKey']): Issued[] {
  const twins = Array.from({ length: count }, () => makeCa('Twin', privateKey ? { privateKey } : {}));
  return twins.map((twin, index) => twin.crossSign(twins[(index + 1) % count] ?? twin));
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}.example`);

/** Sequences within sequences, as deep as given, in DER. */
export function nested(depth: number): Buffer {
  let inner: Buffer = Buffer.from([5, 0]);
  for (let level = 0; level < depth; level += 1) inner = der(0x30, inner);
  return inner;
}

const withStaple =
  (staple: (leaf: Issued, ca: Issued) => Buffer): HostileBehaviour =>
  (ca) => {
    const leaf = leafOf(ca);
    return serveTls(leaf, [ca], {}, staple(leaf, ca));
  };

const withExtension =
  (oid: string, value: Buffer): HostileBehaviour =>
  (ca) =>
    serveTls(leafOf(ca, { extensions: [oddExtension(oid, value.toString('hex'))] }), [ca]);

export const behaviours: Record<string, HostileBehaviour> = {
  'staples an answer of CAs that sign each other': withStaple(circularStaple),
  'staples an answer with 200 CAs': withStaple(crowdedStaple),
  'staples sequences nested 5,000 deep': withStaple(() => nested(5_000)),
  'staples 64 KiB of nothing': withStaple(() => Buffer.alloc(65_000)),
  'sends fifty CAs that sign each other': () => {
    const all = crossSigned(50);
    const [first] = all;
    if (!first) throw new Error('There is no CA.');
    return serveTls(leafOf(first), all.slice(0, 48));
  },
  'sends fifty CAs whose exponents have 3,072 bits': () => {
    const all = crossSigned(50, makeLargeExponentKey());
    const [first] = all;
    if (!first) throw new Error('There is no CA.');
    return serveTls(leafOf(first), all.slice(0, 48));
  },
  'has 5,000 names': (ca) => serveTls(leafOf(ca, { sans: ['localhost', ...names(5_000)] }), [ca]),
  'has 12,000 names, more than a TLS library reads': (ca) =>
    serveTls(leafOf(ca, { sans: ['localhost', ...names(12_000)] }), [ca]),
  'has names nested 5,000 deep': withExtension('2.5.29.17', nested(5_000)),
  'has policies nested 5,000 deep': withExtension('2.5.29.32', nested(5_000)),
  'has SCTs of nonsense': withExtension('1.3.6.1.4.1.11129.2.4.2', der(0x04, Buffer.alloc(20_000, 255))),
  'sends its certificate sixty times': (ca) =>
    serveTls(
      leafOf(ca),
      Array.from({ length: 60 }, () => ca),
    ),
};

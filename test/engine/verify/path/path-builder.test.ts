import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParsedCertificate } from '../../../../electron/engine/verify/certificate.ts';
import { buildPath, searchBounds } from '../../../../electron/engine/verify/path/path-builder.ts';
import { signatureVerifications } from '../../../../electron/engine/verify/signature-check.ts';
import { TrustStore } from '../../../../electron/engine/verify/trust.ts';
import { nameConstraints } from '../../../support/odd-extensions.ts';
import { type CertificateOptions, type Issued, makeCa, makeKey } from '../../../support/pki.ts';

const now = Date.now();
const parse = ({ der }: Issued) => new ParsedCertificate(der);
const ca = (issuer: Issued, name: string, options: CertificateOptions = {}) =>
  issuer.issue({ name, isCa: true, sans: [], notAfterDays: 2000, ...options });

function build(leaf: Issued, sent: readonly Issued[], anchors: readonly Issued[]) {
  return buildPath(parse(leaf), sent.map(parse), new TrustStore(anchors.map(parse)), now, 'server');
}
const criticals = (built: ReturnType<typeof build>) =>
  built.faults.filter(({ severity }) => severity === 'critical').map(({ code }) => code);
const namesOf = (built: ReturnType<typeof build>) =>
  built.path.map(({ facts }) => `${facts.subject} ${facts.validTo}`);

describe('of several good paths', () => {
  it('the one that lasts longest is taken, whatever the order of the CA file (finding 36)', () => {
    const old = makeCa('Corp Root', { notAfterDays: 5 });
    const renewed = makeCa('Corp Root', { privateKey: old.privateKey, notAfterDays: 3650 });
    const leaf = renewed.issue();
    for (const anchors of [
      [old, renewed],
      [renewed, old],
    ])
      expect(namesOf(build(leaf, [leaf], anchors))[1]).toBe(`CN=Corp Root ${parse(renewed).facts.validTo}`);
  });

  it('the same holds for an intermediate that is sent in two versions', () => {
    const root = makeCa();
    const old = ca(root, 'Issuing', { notAfterDays: 5 });
    const renewed = ca(root, 'Issuing', { privateKey: old.privateKey });
    const leaf = renewed.issue();
    for (const sent of [
      [leaf, old, renewed],
      [leaf, renewed, old],
    ])
      expect(namesOf(build(leaf, sent, [root]))[1]).toBe(`CN=Issuing ${parse(renewed).facts.validTo}`);
  });

  it('a longer one without fault is taken before a shorter one with a fault', () => {
    const [root, other] = [makeCa('Root'), makeCa('Other')];
    const forbidding = ca(root, 'Issuing', {
      extensions: [nameConstraints({ permitted: ['DNS:other.test'] })],
    });
    const allowing = forbidding.crossSign(ca(other, 'Bridge'), { extensions: [] });
    const bridge = ca(other, 'Bridge');
    const crossed = allowing.crossSign(bridge, { extensions: [] });
    const leaf = forbidding.issue({ name: 'server.test' });
    const built = build(leaf, [leaf, forbidding, crossed, bridge], [root, other]);
    expect([built.kind, criticals(built), built.path.length]).toEqual(['trusted', [], 4]);
  });
});

describe('an anchor', () => {
  it('is trusted though it is an intermediate and its own issuer is there (root and intermediate swapped)', () => {
    const root = makeCa();
    const intermediate = ca(root, 'Issuing');
    const leaf = intermediate.issue();
    expect(build(leaf, [leaf, root], [intermediate])).toMatchObject({ kind: 'trusted' });
  });

  it.each([
    ['another case', 'corp  ROOT'],
    ['blanks at its ends', ' Corp Root '],
  ])('is found by its name in %s (finding 18; RFC 5280 §7.1)', (_, spelled) => {
    const root = makeCa('Corp Root');
    const leaf = makeCa(spelled, { privateKey: root.privateKey }).issue();
    const built = build(leaf, [leaf], [root]);
    expect([built.kind, criticals(built)]).toEqual(['trusted', []]);
  });
});

describe('the chain of twelve intermediates (finding 19)', () => {
  it('is followed to its root', () => {
    const chain = [makeCa()];
    for (let depth = 1; depth <= 12; depth += 1) chain.unshift(ca(chain[0] as Issued, `I${depth}`));
    const leaf = (chain[0] as Issued).issue();
    const built = build(leaf, [leaf, ...chain.slice(0, -1)], chain.slice(-1));
    expect([built.kind, built.path.length, criticals(built)]).toEqual(['trusted', 14, []]);
  });
});

describe('a signature', () => {
  it('that was verified before is not verified again', () => {
    const root = makeCa();
    const intermediate = ca(root, 'Issuing');
    const [leaf, middle, top] = [intermediate.issue(), intermediate, root].map(parse);
    if (!leaf || !middle || !top) throw new Error('A certificate is missing.');
    const store = new TrustStore([top]);
    buildPath(leaf, [leaf, middle], store, now, 'server');
    const before = signatureVerifications();
    buildPath(leaf, [leaf, middle], store, now + 1000, 'server');
    expect(signatureVerifications()).toBe(before);
  });
});

describe('meshes', () => {
  /** A few names and keys: every CA may be signed by every other, under the same names, valid or not. */
  const keys = Array.from({ length: 4 }, () => makeKey('p256'));
  const link = fc.record({
    subject: fc.nat(3),
    issuer: fc.nat(3),
    days: fc.constantFrom(-1, 5, 400, 3000),
    isCa: fc.boolean(),
    pathLength: fc.constantFrom(undefined, 0, 1),
  });
  const pool = new Map<string, ParsedCertificate>();
  const roots = keys.map((privateKey, index) => makeCa(`Mesh ${index}`, { privateKey }));
  const certificateOf = (one: {
    subject: number;
    issuer: number;
    days: number;
    isCa: boolean;
    pathLength: number | undefined;
  }) => {
    const key = JSON.stringify(one);
    let certificate = pool.get(key);
    if (!certificate) {
      const { subject, issuer, days, isCa, pathLength } = one;
      const issued = (roots[issuer] as Issued).issue({
        name: `Mesh ${subject}`,
        privateKey: keys[subject] as NonNullable<CertificateOptions['privateKey']>,
        isCa,
        sans: [],
        notBeforeDays: -10,
        notAfterDays: days,
        ...(pathLength === undefined ? {} : { pathLength }),
      });
      certificate = parse(issued);
      pool.set(key, certificate);
    }
    return certificate;
  };
  const leaf = parse((roots[0] as Issued).issue({ name: 'mesh.test', notBeforeDays: -10 }));

  it('5,000 of them have the same verdict in every order, within the bounds', () => {
    fc.assert(
      fc.property(
        fc.array(link, { maxLength: 14 }),
        fc.subarray([0, 1, 2, 3], { minLength: 1, maxLength: 2 }),
        fc.infiniteStream(fc.nat()),
        (links, trusted, random) => {
          const sent = [leaf, ...links.map(certificateOf)];
          const anchors = trusted.map((index) => parse(roots[index] as Issued));
          const verdict = (some: readonly ParsedCertificate[], store: readonly ParsedCertificate[]) => {
            const { kind, path, faults, steps } = buildPath(leaf, some, new TrustStore(store), now, 'server');
            expect(steps.signatures).toBeLessThanOrEqual(searchBounds.signatures);
            expect(steps.nodes).toBeLessThanOrEqual(3 * searchBounds.nodes);
            return { kind, path: path.map(({ fingerprint256 }) => fingerprint256), faults };
          };
          const shuffled = [...sent]
            .map((one) => ({ one, at: random.next().value ?? 0 }))
            .sort((one, other) => one.at - other.at)
            .map(({ one }) => one);
          expect(verdict(shuffled, anchors.toReversed())).toEqual(verdict(sent, anchors));
        },
      ),
      { numRuns: 5000 },
    );
  }, 120_000);

  it('of a hundred CAs that all signed each other end within the bounds', () => {
    const key = makeKey('p256');
    const all = Array.from({ length: 100 }, (_, index) =>
      makeCa(`Cycle ${index % 10}`, { privateKey: key, notAfterDays: 100 + index }).issue({
        name: `Cycle ${(index * 7 + 1) % 10}`,
        privateKey: key,
        isCa: true,
        sans: [],
      }),
    );
    const last = (all[0] as Issued).issue();
    const built = build(last, [last, ...all], [makeCa()]);
    expect(built.kind).not.toBe('trusted');
    expect(built.steps.signatures).toBeLessThanOrEqual(searchBounds.signatures);
    expect(built.steps.nodes).toBeLessThanOrEqual(3 * searchBounds.nodes);
  });
});

describe('a hundred issuers of one name with keys that are slow to verify', () => {
  it.each(['p384', 'p521'] as const)('cost no more than the bound by %s', (kind) => {
    const key = makeKey(kind);
    const [first, ...others] = Array.from({ length: 100 }, (_, index) =>
      makeCa('Slow', { privateKey: index === 0 ? makeKey('p256') : key, notAfterDays: 100 + index }),
    );
    const leaf = (first as Issued).issue();
    const spellings = others.map((one) => parse(one));
    const { steps } = buildPath(
      parse(leaf),
      [parse(leaf), ...spellings],
      new TrustStore(spellings),
      now,
      'server',
    );
    expect(steps.signatures).toBeGreaterThan(10);
    expect(steps.cost).toBeLessThanOrEqual(searchBounds.cost);
    expect(steps.cost).toBeGreaterThan(searchBounds.cost * 0.8);
  });
});

describe('a chain of CAs with thousands of constraints', () => {
  it('is not trusted, and takes no comparison', () => {
    const many = (prefix: string) =>
      nameConstraints({ permitted: Array.from({ length: 900 }, (_, index) => `DNS:${prefix}${index}.test`) });
    const root = makeCa();
    const chain = [root];
    for (let depth = 1; depth <= 6; depth += 1)
      chain.unshift(ca(chain[0] as Issued, `Wide ${depth}`, { extensions: [many('a')] }));
    const leaf = (chain[0] as Issued).issue({
      name: 'a0.test',
      sans: Array.from({ length: 1100 }, (_, index) => `a${index % 900}.test`),
    });
    const sent = [leaf, ...chain.slice(0, -1)];
    const built = build(leaf, sent, [root]);
    expect([built.kind, build(leaf, sent.toReversed(), [root]).kind]).toEqual(['incomplete', 'incomplete']);
  });
});

describe('a mutated chain', () => {
  it('of 5,000 is never trusted by what was changed, and has one verdict in every order, within the bounds', () => {
    const [root, other] = [makeCa(), makeCa('Other')];
    const upper = ca(root, 'Upper', { pathLength: 1 });
    const crossed = upper.crossSign(other, { key: 'p384' });
    const issuing = ca(upper, 'Issuing', { pathLength: 0 });
    const chain = [issuing.issue({ name: 'server.test' }), issuing, upper, crossed];
    const anchors = [parse(root), parse(other)];
    const whole = chain.map(parse);
    const verdict = (leaf: ParsedCertificate, sent: readonly ParsedCertificate[], store: typeof anchors) => {
      const { kind, path, faults, steps } = buildPath(leaf, sent, new TrustStore(store), now, 'server');
      expect(steps.signatures).toBeLessThanOrEqual(searchBounds.signatures);
      expect(steps.cost).toBeLessThanOrEqual(searchBounds.cost);
      expect(steps.nodes).toBeLessThanOrEqual(3 * searchBounds.nodes);
      return { kind, path: path.map(({ fingerprint256 }) => fingerprint256), faults };
    };
    let parsed = 0;
    fc.assert(
      fc.property(
        fc.nat(chain.length - 1),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 }),
        (which, position, change, order) => {
          const der = Buffer.from((chain[which] as Issued).der);
          const at = position % der.length;
          der[at] = (der[at] ?? 0) ^ change;
          let changed: ParsedCertificate;
          try {
            changed = new ParsedCertificate(der);
          } catch {
            return; // It is no certificate any more.
          }
          parsed += 1;
          const sent = whole.with(which, changed);
          const [leaf = changed] = sent;
          const usual = verdict(leaf, sent, anchors);
          const mixed = order.map((place) => sent[place] ?? changed);
          expect(verdict(leaf, mixed, anchors.toReversed())).toEqual(usual);
          if (usual.kind === 'trusted') expect(usual.path).not.toContain(changed.fingerprint256);
          // The upper CA is there twice: without one of them the other is enough.
          expect(usual.kind === 'trusted').toBe(which >= 2);
        },
      ),
      { numRuns: 5000 },
    );
    expect(parsed).toBeGreaterThan(1000);
  }, 120_000);
});

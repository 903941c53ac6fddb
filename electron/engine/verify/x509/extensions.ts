import {
  childrenOf,
  contextTag,
  type DerElement,
  DerError,
  expectTag,
  optionalParts,
  readBits,
  readBoolean,
  readCount,
  readDer,
  readInteger,
  readOid,
  readSequence,
  tags,
} from './der.ts';
import {
  type GeneralName,
  type NameConstraints,
  readGeneralName,
  readGeneralNames,
  readNameConstraints,
  readUris,
} from './general-names.ts';

/** Object identifiers of the extensions that are read (RFC 5280 §4.2, RFC 7633, RFC 6962 §3.3; Netscape's is OpenSSL's). */
const extensionOids = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  sans: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyId: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  tlsFeatures: '1.3.6.1.5.5.7.1.24',
  sctList: '1.3.6.1.4.1.11129.2.4.2',
  netscapeTypes: '2.16.840.1.113730.1.1',
} as const satisfies Record<keyof ExtensionValues, string>;

/** Bits of the key usage, in their order (RFC 5280 §4.2.1.3). */
const keyUsageNames = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
type KeyUsageName = (typeof keyUsageNames)[number];

interface BasicConstraints {
  isCa: boolean;
  pathLength: number | null;
}

interface AuthorityKeyId {
  keyId: Buffer | null;
  issuer: readonly GeneralName[] | null;
  serialNumber: Buffer | null;
}

interface PolicyConstraints {
  requireExplicitPolicy: number | null;
  inhibitPolicyMapping: number | null;
}

/** What the known extensions say; null where a certificate does not have one. */
export interface ExtensionValues {
  basicConstraints: BasicConstraints | null;
  keyUsage: ReadonlySet<KeyUsageName> | null;
  /** By object identifier. */
  extendedKeyUsage: readonly string[] | null;
  sans: readonly GeneralName[] | null;
  nameConstraints: NameConstraints | null;
  certificatePolicies: readonly CertificatePolicy[] | null;
  policyMappings: readonly { issuerPolicy: string; subjectPolicy: string }[] | null;
  policyConstraints: PolicyConstraints | null;
  inhibitAnyPolicy: number | null;
  subjectKeyId: Buffer | null;
  authorityKeyId: AuthorityKeyId | null;
  /** Addresses to ask for revocation, and to load the issuer from. */
  authorityInfoAccess: { ocsp: readonly string[]; caIssuers: readonly string[] } | null;
  /** Addresses of revocation lists, in order. */
  crlPoints: readonly string[] | null;
  /** TLS extensions that the server must show (RFC 7633); 5 is a stapled answer. */
  tlsFeatures: readonly number[] | null;
  /** SignedCertificateTimestampList as RFC 6962 §3.3 has it. */
  sctList: Buffer | null;
  /** First octet of Netscape's certificate types (nsCertType), which OpenSSL still applies: 0x40 is for servers. */
  netscapeTypes: number | null;
}

interface CertificatePolicy {
  oid: string;
  /** Object identifiers of its qualifiers. */
  qualifiers: readonly string[];
}

/** Readers by the names of the values: each takes the extension's DER. @throws DerError */
const extensionReaders: {
  [Name in keyof ExtensionValues]: (value: DerElement) => NonNullable<ExtensionValues[Name]>;
} = {
  basicConstraints(value) {
    const parts = readSequence(value, 'basicConstraints');
    const isCa = parts[0]?.tag === tags.boolean ? readBoolean(parts[0]) : false;
    const rest = parts[0]?.tag === tags.boolean ? parts.slice(1) : parts;
    if (rest.length > 1) throw new DerError('basicConstraints holds something else');
    const [length] = rest;
    return { isCa, pathLength: length ? readCount(length, 'pathLenConstraint') : null };
  },
  keyUsage(value) {
    const { bytes } = readBits(value, 'keyUsage');
    const has = (bit: number) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;
    const used = keyUsageNames.filter((_, bit) => has(bit));
    // RFC 5280 §4.2.1.3: at least one of the bits must be set.
    if (bytes.every((octet) => octet === 0)) throw new DerError('keyUsage allows nothing');
    return new Set(used);
  },
  extendedKeyUsage(value) {
    const usages = readSequence(value, 'extendedKeyUsage').map((one) => readOid(one, 'a usage'));
    if (usages.length === 0) throw new DerError('extendedKeyUsage is empty');
    return usages;
  },
  sans: readGeneralNames,
  nameConstraints: readNameConstraints,
  certificatePolicies(value) {
    const policies = readSequence(value, 'certificatePolicies').map((policy) => {
      const [oid, qualifiers, ...more] = readSequence(policy, 'a policy');
      if (more.length > 0) throw new DerError('a policy holds something else');
      const read = qualifiers ? readSequence(qualifiers, 'the qualifiers of a policy') : [];
      return {
        oid: readOid(oid, 'a policy'),
        qualifiers: read.map((one) => readOid(readSequence(one, 'a qualifier')[0], 'a qualifier')),
      };
    });
    if (policies.length === 0) throw new DerError('certificatePolicies is empty');
    if (new Set(policies.map(({ oid }) => oid)).size < policies.length)
      throw new DerError('certificatePolicies names a policy twice');
    return policies;
  },
  policyMappings(value) {
    const mappings = readSequence(value, 'policyMappings').map((mapping) => {
      const [issuer, subject, ...more] = readSequence(mapping, 'a policy mapping');
      if (more.length > 0) throw new DerError('a policy mapping holds something else');
      return {
        issuerPolicy: readOid(issuer, 'a policy mapping'),
        subjectPolicy: readOid(subject, 'a policy mapping'),
      };
    });
    if (mappings.length === 0) throw new DerError('policyMappings is empty');
    return mappings;
  },
  policyConstraints(value) {
    const parts = readSequence(value, 'policyConstraints');
    const known = [contextTag(0, false), contextTag(1, false)];
    const [explicit, mapping] = optionalParts(parts, known, 'policyConstraints');
    const count = (part: DerElement | undefined) =>
      part ? readCount({ ...part, tag: tags.integer }, 'policyConstraints') : null;
    if (parts.length === 0) throw new DerError('policyConstraints is empty');
    return { requireExplicitPolicy: count(explicit), inhibitPolicyMapping: count(mapping) };
  },
  inhibitAnyPolicy: (value) => readCount(value, 'inhibitAnyPolicy'),
  subjectKeyId: (value) => expectTag(value, tags.octetString, 'subjectKeyIdentifier').content,
  authorityKeyId(value) {
    const known = [contextTag(0, false), contextTag(1, true), contextTag(2, false)];
    const parts = readSequence(value, 'authorityKeyIdentifier');
    const [keyId, issuer, serial] = optionalParts(parts, known, 'authorityKeyIdentifier');
    // RFC 5280 §4.2.1.1; BoringSSL pki/parse_certificate.cc, ParseAuthorityKeyIdentifier.
    if (Boolean(issuer) !== Boolean(serial))
      throw new DerError('authorityKeyIdentifier has an issuer without a serial number, or the reverse');
    return {
      keyId: keyId?.content ?? null,
      issuer: issuer ? childrenOf(issuer).map((name) => readGeneralName(name)) : null,
      serialNumber: serial
        ? readInteger({ ...serial, tag: tags.integer }, 'authorityCertSerialNumber')
        : null,
    };
  },
  authorityInfoAccess(value) {
    const descriptions = readSequence(value, 'authorityInfoAccess').map((description) => {
      const [method, location, ...more] = readSequence(description, 'an access description');
      if (!location || more.length > 0) throw new DerError('an access description has not one address');
      return { method: readOid(method, 'an access method'), uris: readUris([location]) };
    });
    if (descriptions.length === 0) throw new DerError('authorityInfoAccess is empty');
    const by = (oid: string) => descriptions.flatMap(({ method, uris }) => (method === oid ? uris : []));
    return { ocsp: by('1.3.6.1.5.5.7.48.1'), caIssuers: by('1.3.6.1.5.5.7.48.2') };
  },
  crlPoints(value) {
    const points = readSequence(value, 'cRLDistributionPoints');
    const known = [contextTag(0, true), contextTag(1, false), contextTag(2, true)];
    return points.flatMap((point) => {
      const parts = readSequence(point, 'a distribution point');
      const [name, , issuer] = optionalParts(parts, known, 'a distribution point');
      // RFC 5280 §4.2.1.13; OpenSSL v3_purp.c, setup_dp.
      if (!name && !issuer) throw new DerError('a distribution point names neither a place nor an issuer');
      const fullName = name && childrenOf(name).find(({ tag }) => tag === contextTag(0, true));
      return fullName ? readUris(childrenOf(fullName)) : [];
    });
  },
  tlsFeatures: (value) =>
    readSequence(value, 'the TLS features').map((one) => readCount(one, 'a TLS feature')),
  sctList: (value) => expectTag(value, tags.octetString, 'the SCT list').content,
  netscapeTypes: (value) => readBits(value, 'Netscape’s certificate type').bytes[0] ?? 0,
};

/** One extension as it was encoded. */
export interface Extension {
  oid: string;
  isCritical: boolean;
  value: Buffer;
}

/** Reads the list of extensions. @throws DerError also where one comes twice (RFC 5280 §4.2) */
export function readExtensions(element: DerElement): Extension[] {
  const list = readSequence(element, 'the list of extensions').map((extension) => {
    const parts = readSequence(extension, 'an extension');
    const hasCritical = parts[1]?.tag === tags.boolean;
    const value = parts[hasCritical ? 2 : 1];
    if (parts.length !== (hasCritical ? 3 : 2)) throw new DerError('an extension holds something else');
    return {
      oid: readOid(parts[0], 'an extension'),
      isCritical: parts[1] && hasCritical ? readBoolean(parts[1]) : false,
      value: expectTag(value, tags.octetString, 'an extension').content,
    };
  });
  if (list.length === 0) throw new DerError('the list of extensions is empty');
  if (new Set(list.map(({ oid }) => oid)).size < list.length) throw new DerError('an extension comes twice');
  return list;
}

/** Reads what the known extensions say; each one that cannot be read is null, with why in `faults`. */
export function readExtensionValues(extensions: readonly Extension[]): {
  values: ExtensionValues;
  faults: string[];
} {
  const faults: string[] = [];
  const read = <Name extends keyof ExtensionValues>(name: Name): ExtensionValues[Name] | null => {
    const extension = extensions.find(({ oid }) => oid === extensionOids[name]);
    if (!extension) return null;
    try {
      return extensionReaders[name](readDer(extension.value));
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      faults.push(error.message);
      return null;
    }
  };
  const values: ExtensionValues = {
    basicConstraints: read('basicConstraints'),
    keyUsage: read('keyUsage'),
    extendedKeyUsage: read('extendedKeyUsage'),
    sans: read('sans'),
    nameConstraints: read('nameConstraints'),
    certificatePolicies: read('certificatePolicies'),
    policyMappings: read('policyMappings'),
    policyConstraints: read('policyConstraints'),
    inhibitAnyPolicy: read('inhibitAnyPolicy'),
    subjectKeyId: read('subjectKeyId'),
    authorityKeyId: read('authorityKeyId'),
    authorityInfoAccess: read('authorityInfoAccess'),
    crlPoints: read('crlPoints'),
    tlsFeatures: read('tlsFeatures'),
    sctList: read('sctList'),
    netscapeTypes: read('netscapeTypes'),
  };
  return { values, faults };
}

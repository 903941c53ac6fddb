import { OctetString } from '@peculiar/asn1-schema';
import {
  Extension,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  NameConstraints,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509';
import { extension, nameOf } from './pki.ts';

/** An extension of any value, in hexadecimal DER. */
export function oddExtension(extnID: string, hex: string, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(Buffer.from(hex, 'hex')) });
}

/** A name for constraints or alternative names: `DNS:`, `IP:` (a range as CIDR), `email:`, `URI:`, `dirName:` (a CN). */
function anyName(text: string): GeneralName {
  const [, kind, value = ''] = /^(\w+):(.*)$/.exec(text) ?? [];
  switch (kind) {
    case 'DNS':
      return new GeneralName({ dNSName: value });
    case 'IP':
      return new GeneralName({ iPAddress: value });
    case 'email':
      return new GeneralName({ rfc822Name: value });
    case 'URI':
      return new GeneralName({ uniformResourceIdentifier: value });
    case 'dirName':
      return new GeneralName({ directoryName: nameOf(value) });
    default:
      throw new Error(`No kind of name: ${text}`);
  }
}

/** Subject alternative names of any kind. */
export function alternativeNames(names: readonly string[]): Extension {
  return extension(id_ce_subjectAltName, new SubjectAlternativeName(names.map(anyName)));
}

/** Name constraints, each written as for `anyName`. */
export function nameConstraints({
  permitted = [],
  excluded = [],
}: {
  permitted?: string[];
  excluded?: string[];
}): Extension {
  const subtrees = (names: string[]) =>
    new GeneralSubtrees(names.map((name) => new GeneralSubtree({ base: anyName(name) })));
  const constraints = new NameConstraints({
    ...(permitted.length > 0 ? { permittedSubtrees: subtrees(permitted) } : {}),
    ...(excluded.length > 0 ? { excludedSubtrees: subtrees(excluded) } : {}),
  });
  return extension(id_ce_nameConstraints, constraints, true);
}

import { OctetString } from '@peculiar/asn1-schema';
import {
  Extension,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509';
import { extension, generalName } from './pki.ts';

/** An extension of any value, in hexadecimal DER. */
export function oddExtension(extnID: string, hex: string, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(Buffer.from(hex, 'hex')) });
}

/** Name constraints of DNS names, in the order given. */
export function nameConstraints({
  permitted = [],
  excluded = [],
}: {
  permitted?: string[];
  excluded?: string[];
}): Extension {
  const subtrees = (names: string[]) =>
    new GeneralSubtrees(names.map((name) => new GeneralSubtree({ base: generalName(name) })));
  const constraints = new NameConstraints({
    ...(permitted.length > 0 ? { permittedSubtrees: subtrees(permitted) } : {}),
    ...(excluded.length > 0 ? { excludedSubtrees: subtrees(excluded) } : {}),
  });
  return extension(id_ce_nameConstraints, constraints, true);
}

import { childrenOf, contextTag, type DerElement, readBoolean, readDer, readSequence } from '../x509/der.ts';
import type { Extension } from '../x509/extensions.ts';
import { readUris } from '../x509/general-names.ts';
import { Unproven } from './revocation.ts';

/** Object identifiers of RFC 5280 §5.2. */
const issuingDistributionPoint = '2.5.29.28';

/**
 * Returns whether a list is about the leaf, by its issuing distribution point (RFC 5280 §5.2.5): a list of another part of
 * the CA's certificates is signed as well, and does not have the leaf among its entries.
 * @param addresses the addresses of lists that the certificate names
 * @param isListed whether the leaf is among the entries
 * @throws Unproven `unsupported` for a delta list, a list of several CAs, and critical extensions that are not known
 */
export function isInScope(
  extensions: readonly Extension[],
  addresses: readonly string[],
  isListed: boolean,
): boolean {
  const isUnknown = ({ oid, isCritical }: Extension) => isCritical && oid !== issuingDistributionPoint;
  if (extensions.some(isUnknown)) throw new Unproven('unsupported');
  const extension = extensions.find(({ oid }) => oid === issuingDistributionPoint);
  if (!extension) return true;
  const fields = readSequence(readDer(extension.value), 'the issuing distribution point');
  const field = (number: number) => fields.find(({ tag }) => (tag & ~0x20) === contextTag(number, false));
  const [onlyCas, indirect, onlyAttributes] = [field(2), field(4), field(5)].map(isSet);
  if (indirect) throw new Unproven('unsupported');
  if (onlyCas || onlyAttributes) return false;
  const point = field(0);
  if (point && !namesOneOf(point, addresses)) return false;
  // A list of some reasons alone proves that a certificate is revoked, never that it is not.
  return isListed || field(3) === undefined;
}

function isSet(element: DerElement | undefined): boolean {
  return element !== undefined && readBoolean(element);
}

/** RFC 5280 §6.3.3 (b)(2)(i): one of its names is one of the certificate's. */
function namesOneOf(point: DerElement, addresses: readonly string[]): boolean {
  const [name] = childrenOf(point);
  if (name?.tag !== contextTag(0, true)) throw new Unproven('unsupported'); // relative to the issuer's name
  return readUris(childrenOf(name)).some((uri) => addresses.includes(uri));
}

/** A secret as the desktop keeps it: encrypted by a key that the system's keyring holds. It may be part of an address. */
const sealedPattern = /sealed\.v[12]\.[\w-]{38}/;

/** Tells whether an address holds a secret that could not be opened here: it must not be used as it is. */
export function isSealed(address: string): boolean {
  return sealedPattern.test(address);
}

/** The error for a sealed secret that comes from another installation. */
export const sealedMessage = 'This secret was sealed by a NotAfter and cannot be moved. Enter it again.';

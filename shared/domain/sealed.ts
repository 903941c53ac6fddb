/** A secret as the desktop keeps it: encrypted by a key that the system's keyring holds. It stands within an address. */
const sealedPattern = /sealed\.v[12]\.[\w-]{38}/;

/** Tells whether an address holds a secret that could not be opened here: it must not be used as it is. */
export function isSealed(address: string): boolean {
  return sealedPattern.test(address);
}

/** What a form or a script is told that brings a sealed secret from elsewhere. */
export const sealedMessage = 'This secret was sealed by a NotAfter and cannot be moved. Enter it again.';

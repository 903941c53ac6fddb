/** A secret as the desktop keeps it: encrypted by a key that the system's keyring holds. It stands within an address. */
const sealedPattern = /sealed\.v1\.[\w-]{38,}/;

/** Whether an address holds a secret that could not be opened here: it must not be used as it is. */
export function isSealed(address: string): boolean {
  return sealedPattern.test(address);
}

import forge from 'node-forge';

/**
 * Decrypts RC2 in CBC mode, by node-forge: the libraries of Node and Electron no longer have it, and Windows up to 2016
 * writes certificates so.
 * @returns null where the padding does not fit
 */
export function decryptRc2(key: Buffer, iv: Buffer, octets: Buffer): Buffer | null {
  const cipher = forge.rc2.createDecryptionCipher(key.toString('latin1'), key.length * 8);
  cipher.start(iv.toString('latin1'));
  cipher.update(forge.util.createBuffer(octets.toString('latin1')));
  return cipher.finish() ? Buffer.from(cipher.output.getBytes(), 'latin1') : null;
}

import { constants, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSignatureOf } from '../../../../electron/engine/probe/tls-reader/signatures.ts';
import { makeKey } from '../../../support/pki.ts';

const data = Buffer.from('what both sides said');
const [p256, p384, rsa] = [makeKey('p256'), makeKey('p384'), makeKey('rsa2048')];
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

/** Whether a good signature counts, by version. */
const counts = (key: KeyObject, signature: Buffer, scheme: number) =>
  [false, true].map((is13) =>
    isSignatureOf(data, signature, { key: createPublicKey(key), scheme, authentication: 'rsa', is13 }),
  );

describe('a good signature', () => {
  it.each<[string, KeyObject, Buffer, number, [in12: boolean, in13: boolean]]>([
    ['by ECDSA on the scheme’s curve', p256, sign('sha256', data, p256), 0x0403, [true, true]],
    ['by ECDSA on another curve', p384, sign('sha256', data, p384), 0x0403, [true, false]],
    ['by RSA-PSS', rsa, sign('sha256', data, { key: rsa, ...pss }), 0x0804, [true, true]],
    ['by RSA PKCS #1', rsa, sign('sha256', data, rsa), 0x0401, [true, false]],
    ['by SHA-1', p256, sign('sha1', data, p256), 0x0203, [true, false]],
    ['under the name of another scheme', rsa, sign('sha256', data, rsa), 0x0501, [false, false]],
    ['under a scheme of another kind of key', rsa, sign('sha256', data, rsa), 0x0403, [false, false]],
    ['under a scheme that was not offered', p256, sign('sha256', data, p256), 0x0999, [false, false]],
  ])('%s counts in TLS 1.2 and 1.3 as RFC 8446 §4.2.3 has it', (_what, key, signature, scheme, expected) => {
    expect(counts(key, signature, scheme)).toEqual(expected);
  });
});

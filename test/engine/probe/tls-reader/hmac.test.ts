import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmac } from '../../../../electron/engine/probe/tls-reader/hmac.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

/** RFC 4231 §4.2 to §4.5: those whose keys are no longer than a block. */
const vectors = [
  {
    key: Buffer.alloc(20, 0x0b),
    message: Buffer.from('Hi There'),
    sha256: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    sha384:
      'afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6',
  },
  {
    key: Buffer.from('Jefe'),
    message: Buffer.from('what do ya want for nothing?'),
    sha256: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    sha384:
      'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
  },
  {
    key: Buffer.alloc(20, 0xaa),
    message: Buffer.alloc(50, 0xdd),
    sha256: '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
    sha384:
      '88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27',
  },
  {
    key: hex('0102030405060708090a0b0c0d0e0f10111213141516171819'),
    message: Buffer.alloc(50, 0xcd),
    sha256: '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
    sha384:
      '3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb',
  },
];

describe('hmac', () => {
  it.each(vectors)('gives the results of RFC 4231 %#', ({ key, message, sha256, sha384 }) => {
    expect(hmac('sha256', key, message)).toEqual(hex(sha256));
    expect(hmac('sha384', key, message)).toEqual(hex(sha384));
  });

  it.each([
    ['sha256', 64],
    ['sha384', 128],
  ] as const)('agrees with OpenSSL on any message and key of %s', (hash, block) => {
    const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(bytes(block), bytes(300), (key, message) => {
        expect(hmac(hash, key, message)).toEqual(
          createHmac(hash, createSecretKey(key)).update(message).digest(),
        );
      }),
    );
  });

  it('refuses a key that would have to be hashed first', () => {
    expect(() => hmac('sha256', Buffer.alloc(65), Buffer.alloc(0))).toThrow(RangeError);
    expect(() => hmac('sha384', Buffer.alloc(129), Buffer.alloc(0))).toThrow(RangeError);
  });
});

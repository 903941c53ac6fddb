import { createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { der } from './revocation-list.ts';

const data = Buffer.from('06092a864886f70d010701', 'hex');
const encryptedData = Buffer.from('06092a864886f70d010706', 'hex');
const sha1 = Buffer.from('300906052b0e03021a0500', 'hex');
/** pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C). */
const tripleDes = Buffer.from('060a2a864886f70d010c0103', 'hex');

function integer(value: number): Buffer {
  const octets = Buffer.alloc(5);
  octets.writeUInt32BE(value, 1);
  const start = octets.findIndex(
    (octet, index) => octet >= 0x80 || (octets[index + 1] ?? 0x80) >= 0x80 || octet !== 0,
  );
  return der(0x02, octets.subarray(start));
}

/** A PKCS#12 file that asks for so many iterations: for its MAC, and for the one part that it encrypts. */
export function pkcs12Asking(macIterations: number, partIterations: number): Buffer {
  const salt = der(0x04, Buffer.alloc(8, 7));
  const algorithm = der(0x30, tripleDes, der(0x30, salt, integer(partIterations)));
  const part = der(
    0x30,
    encryptedData,
    der(0xa0, der(0x30, integer(0), der(0x30, data, algorithm, der(0x80, Buffer.alloc(64, 9))))),
  );
  const safe = der(0x30, data, der(0xa0, der(0x04, der(0x30, part))));
  const mac = der(0x30, der(0x30, sha1, der(0x04, Buffer.alloc(20))), salt, integer(macIterations));
  return der(0x30, integer(3), safe, mac);
}

/** Adds a MAC by PBMAC1 (RFC 9579) with HMAC-SHA-256 to a PKCS#12 file in DER that has none. */
export function withPbmac1(file: Buffer, passphrase: string): Buffer {
  const authSafe = file.subarray(file.readUInt8(1) === 0x82 ? 4 : 5); // Behind the outer header: version and contents.
  const start = authSafe.indexOf(Buffer.from('06092a864886f70d010701a0', 'hex')) + 11;
  const holder = definite(authSafe, start);
  const octets = definite(authSafe, holder.start);
  const content = authSafe.subarray(octets.start, octets.end);
  const salt = randomBytes(16);
  const key = pbkdf2Sync(Buffer.from(passphrase, 'utf8'), salt, 2048, 32, 'sha256');
  const mac = createHmac('sha256', key).update(content).digest();
  const hmac = sequence(oid('2a864886f70d0209'), Buffer.from([5, 0]));
  const kdf = sequence(
    oid('2a864886f70d01050c'),
    sequence(element(4, salt), Buffer.from([2, 2, 8, 0]), Buffer.from([2, 1, 32]), hmac),
  );
  const algorithm = sequence(oid('2a864886f70d01050e'), sequence(kdf, hmac));
  const macData = sequence(
    sequence(algorithm, element(4, mac)),
    element(4, Buffer.from('none')),
    Buffer.from([2, 1, 1]),
  );
  return sequence(authSafe, macData);
}

/** Where the contents of the element at an offset begin and end. */
function definite(bytes: Buffer, offset: number): { start: number; end: number } {
  const first = bytes.readUInt8(offset + 1);
  const size = first < 0x80 ? 0 : first & 0x7f;
  const length = size === 0 ? first : bytes.readUIntBE(offset + 2, size);
  return { start: offset + 2 + size, end: offset + 2 + size + length };
}

function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const hex = content.length.toString(16);
  const octets = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | octets.length]), octets, content]);
}

const sequence = (...parts: readonly Buffer[]) => element(0x30, ...parts);
const oid = (hex: string) => element(6, Buffer.from(hex, 'hex'));

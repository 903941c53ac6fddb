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

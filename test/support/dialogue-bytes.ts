/** Returns bytes written in hexadecimal, with blanks between them. */
export const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** MySQL's first packet, with or without the flag that offers TLS (0x0800). */
export function mysqlGreeting(offersTls: boolean, version = '10.11.6-MariaDB'): Buffer {
  const flags = Buffer.alloc(2);
  flags.writeUInt16LE(0xfffe & (offersTls ? 0xffff : ~0x0800));
  const body = Buffer.concat([
    Buffer.from([10]),
    Buffer.from(`${version}\0`),
    Buffer.alloc(4, 1),
    Buffer.alloc(8, 65),
    Buffer.alloc(1),
    flags,
    Buffer.alloc(40),
  ]);
  const header = Buffer.alloc(4);
  header.writeUIntLE(body.length, 0, 3);
  return Buffer.concat([header, body]);
}

/** An element whose length takes so many octets (X.690 §8.1.3.5). */
export function ber(tag: number, octets: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = Buffer.alloc(octets);
  if (octets === 1) length.writeUInt8(body.length);
  else length.writeUInt16BE(body.length, octets - 2);
  return Buffer.concat([Buffer.from([tag, 0x80 | octets]), length, body]);
}

export const ldapRequest = hex(
  '30 1d 02 01 01 77 18 80 16 31 2e 33 2e 36 2e 31 2e 34 2e 31 2e 31 34 36 36 2e 32 30 30 33 37',
);
export const mysqlRequest = hex(`20 00 00 01 00 8a 00 00 00 00 00 01 2d ${'00'.repeat(23)}`);
/** ErrorResponse with severity, SQLSTATE and message (PostgreSQL's protocol, “Message Formats”). */
export const postgresError = (() => {
  const fields = Buffer.from('SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0');
  const head = Buffer.from('E\0\0\0\0');
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
})();
export const postgresRequest = hex('00 00 00 08 04 d2 16 2f');
export const rdpRequest = hex('03 00 00 13 0e e0 00 00 00 00 00 01 00 08 00 03 00 00 00');
export const xmppHeader =
  "<?xml version='1.0'?><stream:stream id='1' from='localhost' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' xmlns='jabber:client'>";
export const xmppTls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
/** TDS 7.x: VERSION and ENCRYPTION, on. */
export const tdsRequest = hex(
  '12 01 00 1a 00 00 01 00 00 00 0b 00 06 01 00 11 00 01 ff 00 00 00 00 00 00 01',
);
/** The response of [MS-TDS] §4.2, “Pre-Login Response”, which has 2 for its encryption: not supported. */
export const tdsResponse = (encryption: number) =>
  hex(
    `04 01 00 2b 00 00 01 00 00 00 1a 00 06 01 00 20 00 01 02 00 21 00 01 03 00 22 00 00 04 00 22 00 01 ff 08 00 01 55 00 00 0${encryption} 00 00`,
  );

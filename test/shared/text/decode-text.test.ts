import { expect, it } from 'vitest';
import { decodeText } from '../../../shared/text/decode-text.ts';

const text = 'host;name\r\nwww.example.com;Größe – 5 €\r\n';
const utf16le = Buffer.from(text, 'utf16le');
const utf16be = Buffer.from(utf16le).swap16();
/** ö, ß, – and € have a byte of their own each in Windows-1252. */
const windows = Buffer.from(text.replaceAll('–', '\u0096').replaceAll('€', '\u0080'), 'latin1');

it.each([
  ['UTF-8', 'UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', 'UTF-8', Buffer.from(`\uFEFF${text}`)],
  ['UTF-16 as Windows saves it', 'UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le])],
  [
    'UTF-16 with its bytes the other way round',
    'UTF-16',
    Buffer.concat([Buffer.from([0xfe, 0xff]), utf16be]),
  ],
  ['UTF-16 without a mark', 'UTF-16', utf16le],
  ['UTF-16 without a mark, the other way round', 'UTF-16', utf16be],
  ['Windows-1252', 'Windows-1252', windows],
])('reads %s', (_what, encoding, bytes) => {
  expect(decodeText(bytes)).toEqual({ text, encoding });
});

it('reads nothing, and next to nothing', () => {
  expect(decodeText(new Uint8Array())).toEqual({ text: '', encoding: 'UTF-8' });
  expect(decodeText(Buffer.from('a'))).toEqual({ text: 'a', encoding: 'UTF-8' });
});

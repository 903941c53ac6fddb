import type { Refusal } from '../refusal.ts';
import { type BerElement, lengthOctets, lengthOf, readElements } from './ber.ts';
import { bigEndian, type Dialogue, type UntilTls } from './dialogue.ts';

/** ExtendedRequest with StartTLS's object identifier (RFC 4511 §4.14.1), message id 1. */
const startTlsRequest = Buffer.concat([
  Buffer.from('301d02010177188016', 'hex'),
  Buffer.from('1.3.6.1.4.1.1466.20037', 'ascii'),
]);

/** No response to StartTLS is longer; what a server announces beyond it is not waited for. */
const maxMessage = 32 * 1024;

const sequence = 0x30;
const integer = 0x02;
const enumerated = 0x0a;
/** ExtendedResponse, [APPLICATION 24]. */
const extendedResponse = 0x78;
const responseName = 0x8a;

/** LDAP: RFC 4511 §4.14. */
export const ldap: UntilTls = async (dialogue) => {
  dialogue.write(startTlsRequest);
  for (;;) {
    const response = readResult(await readMessage(dialogue));
    if (response === null)
      return dialogue.refuse('not-spoken', 'The LDAP server answers what is no extended response');
    const { isUnsolicited, name, code, diagnostic } = response;
    const result = `(result ${code}${code in results ? `, ${results[code]}` : ''})`;
    if (isUnsolicited && name === noticeOfDisconnection)
      return dialogue.refuse(
        'turned-away',
        `The LDAP server ends the connection ${result}`,
        diagnostic || undefined,
      );
    if (isUnsolicited) continue; // RFC 4511 §4.4: others may come and are passed over.
    if (code === 0) return undefined;
    const sentence = `The LDAP server refuses StartTLS ${result}`;
    return dialogue.refuse(causes[code] ?? 'cannot-start', sentence, diagnostic || undefined);
  }
};

/** RFC 4511 §4.4.1: it comes with message id 0, whatever was asked. */
const noticeOfDisconnection = '1.3.6.1.4.1.1466.20036';

/** RFC 4511 §4.14.2 and §A.2: protocolError where StartTLS is not supported; busy turns clients away for now. */
const causes: Readonly<Record<number, Refusal>> = { 2: 'not-offered', 51: 'turned-away' };

/** The result codes that a StartTLS meets (RFC 4511 §4.1.9, §4.14.2). */
const results: Readonly<Record<number, string>> = {
  1: 'operationsError',
  2: 'protocolError',
  8: 'strongerAuthRequired',
  51: 'busy',
  52: 'unavailable',
  53: 'unwillingToPerform',
  80: 'other',
};

/** Reads one LDAPMessage and returns what is in its sequence. */
async function readMessage(dialogue: Dialogue): Promise<Uint8Array> {
  const head = await dialogue.bytes(2);
  const [tag, first = 0] = head;
  if (tag !== sequence)
    dialogue.refuse('not-spoken', 'The server does not speak LDAP', head.toString('latin1'));
  const count = lengthOctets(first);
  if (count === null)
    return dialogue.refuse('not-spoken', 'The LDAP server answers with a length that LDAP does not allow');
  const length = lengthOf(first, await dialogue.bytes(count));
  if (length > maxMessage)
    dialogue.refuse('not-spoken', 'The LDAP server announces an answer that is too long for StartTLS');
  return dialogue.bytes(length);
}

interface ExtendedResponse {
  /** Whether it answers nothing: its message id is 0. */
  isUnsolicited: boolean;
  code: number;
  diagnostic: string;
  name: string;
}

/** Reads `messageID, [APPLICATION 24] { resultCode, matchedDN, diagnosticMessage … responseName [10] }`. */
function readResult(message: Uint8Array): ExtendedResponse | null {
  const [id, response] = readElements(message) ?? [];
  if (id?.tag !== integer || response?.tag !== extendedResponse) return null;
  const [code, , diagnostic, ...more] = readElements(response.content) ?? [];
  if (code?.tag !== enumerated || code.content.length === 0 || code.content.length > 4) return null;
  const textOf = (element: BerElement | undefined) => Buffer.from(element?.content ?? []).toString();
  return {
    isUnsolicited: bigEndian(id.content) === 0,
    code: bigEndian(code.content),
    diagnostic: textOf(diagnostic),
    name: textOf(more.find(({ tag }) => tag === responseName)),
  };
}

import { bigEndian, type UntilTls } from './dialogue.ts';

/** Failure codes of a negotiation: [MS-RDPBCGR] §2.2.1.2.2. */
const failures: Readonly<Record<number, string>> = {
  1: 'TLS is required',
  2: 'TLS is not allowed',
  3: 'it has no certificate',
  4: 'inconsistent flags',
  5: 'CredSSP is required',
  6: 'TLS with a user’s certificate is required',
};

/** Remote Desktop: connection request and confirm, in TPKT and X.224 ([MS-RDPBCGR] §2.2.1.1, §2.2.1.2). */
export const rdp: UntilTls = async (dialogue) => {
  // TPKT of 19 bytes, X.224 connection request, and an RDP_NEG_REQ for TLS or CredSSP, which begins with TLS too.
  dialogue.write(Uint8Array.of(3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 0x01, 0, 8, 0, 0x03, 0, 0, 0));
  const head = await dialogue.bytes(4);
  const length = bigEndian(head.subarray(2));
  if (head[0] !== 3 || length < 11 || length > 64)
    dialogue.refuse(
      'not-spoken',
      'The server does not speak Remote Desktop’s protocol',
      head.toString('latin1'),
    );
  const confirm = await dialogue.bytes(length - 4);
  if (confirm[1] !== 0xd0) dialogue.refuse('turned-away', 'The Remote Desktop server refuses the connection');
  const [kind, , , , choice = 0] = confirm.subarray(7);
  if (kind === 0x03) {
    const reason = failures[choice] ?? 'unknown';
    dialogue.refuse(
      'not-offered',
      `The Remote Desktop server refuses TLS (failure code ${choice}: ${reason})`,
    );
  }
  if (kind !== 0x02 || choice === 0)
    dialogue.refuse('not-offered', 'The Remote Desktop server does not offer TLS');
  return undefined;
};

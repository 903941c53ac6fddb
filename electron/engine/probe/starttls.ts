import type { Socket } from 'node:net';
import { protocols, type StarttlsProtocol } from '../../../shared/domain/starttls/protocols.ts';
import { DialogueReader } from './line-channel.ts';

/**
 * Has a plain dialogue until TLS may start on the socket.
 * @param name the name of the service, for protocols that ask for it (XMPP's `to`)
 * @throws UnreachableError `starttls-refused` where the server will not, `reset` where it hangs up
 */
export async function startTls(socket: Socket, protocol: StarttlsProtocol, name: string): Promise<void> {
  using talk = new DialogueReader(socket);
  await protocols[protocol].dialogue(talk, name);
  if (talk.hasUnread) talk.refuse('The server goes on in plain text after it agreed to start TLS');
}

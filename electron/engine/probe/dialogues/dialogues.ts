import type { StarttlsProtocol } from '../../../../shared/domain/starttls/protocols.ts';
import { amqp } from './amqp.ts';
import type { UntilTls } from './dialogue.ts';
import { ftp } from './ftp.ts';
import { irc } from './irc.ts';
import { ldap } from './ldap.ts';
import { imap, pop3, sieve } from './mailbox.ts';
import { mssql } from './mssql.ts';
import { mysql } from './mysql.ts';
import { nntp } from './nntp.ts';
import { postgres } from './postgres.ts';
import { rdp } from './rdp.ts';
import { lmtp, smtp } from './smtp.ts';

/** The dialogue of each protocol. XMPP's comes with an XML reader, which is loaded when it is first wanted. */
export const dialogues: Readonly<Record<StarttlsProtocol, UntilTls>> = {
  smtp,
  lmtp,
  imap,
  pop3,
  ftp,
  ldap,
  xmpp: async (dialogue, parties) => (await import('./xmpp.ts')).xmpp(dialogue, parties),
  'xmpp-server': async (dialogue, parties) => (await import('./xmpp.ts')).xmppServer(dialogue, parties),
  postgres,
  mysql,
  mssql,
  nntp,
  sieve,
  irc,
  rdp,
  amqp,
};

import type { StarttlsProtocol } from '../../../../shared/domain/starttls/protocols.ts';
import { amqp } from './amqp.ts';
import type { Dialogue } from './dialogue.ts';
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
export const dialogues: Readonly<Record<StarttlsProtocol, Dialogue>> = {
  smtp,
  lmtp,
  imap,
  pop3,
  ftp,
  ldap,
  xmpp: async (talk, parties) => (await import('./xmpp.ts')).xmpp(talk, parties),
  'xmpp-server': async (talk, parties) => (await import('./xmpp.ts')).xmppServer(talk, parties),
  postgres,
  mysql,
  mssql,
  nntp,
  sieve,
  irc,
  rdp,
  amqp,
};

/** What is known of a protocol in which a plain connection is upgraded to TLS, but for its dialogue (engine/probe/dialogues/). */
interface Protocol {
  /** What people call it. */
  title: string;
  /** Ports on which it is usual (IANA's port registry). */
  ports: readonly number[];
  /** Its URL schemes with their default ports. */
  schemes: Readonly<Record<string, number>>;
  /** What a server says unasked by which it is known; left out where it waits to be spoken to. */
  greeting?: RegExp;
}

/** In the order in which a form offers them. What is added here is known everywhere: see CONTRIBUTING.md. */
export const protocols = {
  smtp: {
    title: 'SMTP',
    ports: [25, 587],
    schemes: { smtp: 25, submission: 587 },
    // LMTP and FTP greet by the same number.
    greeting: /^220[ -](?:(?!.{0,200}(?:LMTP|FTP|FileZilla))|.{0,200}\bE?SMTP\b)/i,
  },
  lmtp: { title: 'LMTP', ports: [24, 2003], schemes: { lmtp: 24 }, greeting: /^220[ -].*LMTP/i },
  imap: { title: 'IMAP', ports: [143], schemes: { imap: 143 }, greeting: /^\* (OK|PREAUTH)/i },
  pop3: { title: 'POP3', ports: [110], schemes: { pop3: 110 }, greeting: /^\+OK/ },
  ftp: {
    title: 'FTP',
    ports: [21],
    schemes: { ftp: 21 },
    greeting: /^220[ -](?!.{0,200}\bE?SMTP\b).{0,200}(?:FTP|FileZilla)/i,
  },
  ldap: { title: 'LDAP', ports: [389, 3268], schemes: { ldap: 389 } },
  xmpp: { title: 'XMPP', ports: [5222], schemes: { xmpp: 5222 } },
  'xmpp-server': { title: 'XMPP between servers', ports: [5269], schemes: { 'xmpp-server': 5269 } },
  postgres: { title: 'PostgreSQL', ports: [5432], schemes: { postgres: 5432, postgresql: 5432 } },
  mysql: {
    title: 'MySQL',
    ports: [3306],
    schemes: { mysql: 3306, mariadb: 3306 },
    greeting: /^.{4}\x0a[\d.][^\0]*\0/s,
  },
  mssql: { title: 'SQL Server', ports: [1433], schemes: { mssql: 1433, sqlserver: 1433 } },
  nntp: { title: 'NNTP', ports: [119], schemes: { nntp: 119 }, greeting: /^20[01] / },
  sieve: {
    title: 'ManageSieve',
    ports: [4190],
    schemes: { sieve: 4190 },
    greeting: /^"IMPLEMENTATION"/i,
  },
  irc: { title: 'IRC', ports: [6667], schemes: { irc: 6667 } },
  rdp: { title: 'Remote Desktop', ports: [3389], schemes: { rdp: 3389 } },
  amqp: { title: 'AMQP 1.0', ports: [5672], schemes: { amqp: 5672 } },
} as const satisfies Record<string, Protocol>;

export type StarttlsProtocol = keyof typeof protocols;

/** Every protocol by its name. SAFETY: Object.entries forgets what the keys are. */
export const protocolEntries = Object.entries<Protocol>(protocols) as [StarttlsProtocol, Protocol][];

/** What is known of a service in which TLS comes first. */
interface TlsService {
  /** What people call it. */
  title: string;
  /** Ports on which it is usual (IANA's port registry). */
  ports: readonly number[];
  /** Its URL schemes with their default ports. */
  schemes: Readonly<Record<string, number>>;
  /** The application protocol (ALPN, RFC 7301) without which the server does not answer. */
  alpn?: string;
}

/** In the order of their use. A scheme that may be TLS or plain (`http`, `mongodb`, `mqtt`) is read as TLS: it was named to check one. */
const tlsServices = {
  https: {
    title: 'HTTPS',
    ports: [443, 8443],
    schemes: { https: 443, http: 443, wss: 443, ws: 443, grpcs: 443 },
  },
  smtps: { title: 'SMTP', ports: [465], schemes: { smtps: 465, submissions: 465 } },
  imaps: { title: 'IMAP', ports: [993], schemes: { imaps: 993 } },
  pop3s: { title: 'POP3', ports: [995], schemes: { pop3s: 995 } },
  ftps: { title: 'FTP', ports: [990], schemes: { ftps: 990 } },
  ldaps: { title: 'LDAP', ports: [636, 3269], schemes: { ldaps: 636 } },
  nntps: { title: 'NNTP', ports: [563], schemes: { nntps: 563, snews: 563 } },
  ircs: { title: 'IRC', ports: [6697], schemes: { ircs: 6697 } },
  xmpps: { title: 'XMPP', ports: [5223, 5270], schemes: { xmpps: 5223 } },
  sips: { title: 'SIP', ports: [5061], schemes: { sips: 5061 } },
  amqps: { title: 'AMQP', ports: [5671], schemes: { amqps: 5671 } },
  mqtts: {
    title: 'MQTT',
    ports: [8883],
    schemes: { mqtts: 8883, mqtt: 8883, 'secure-mqtt': 8883, 'mqtt+ssl': 8883 },
  },
  rediss: { title: 'Redis', ports: [6379, 6380], schemes: { rediss: 6379, redis: 6379 } },
  mongodb: { title: 'MongoDB', ports: [27017], schemes: { mongodb: 27017 } },
  /** TLS before the first word of TDS, from version 8.0 on ([MS-TDS] §1.3); the registry of ALPN has its name. */
  tds8: { title: 'SQL Server (TDS 8.0)', ports: [], schemes: { tds8: 1433 }, alpn: 'tds/8.0' },
  tcps: { title: 'Oracle Database', ports: [2484], schemes: { tcps: 2484 } },
  docker: { title: 'Docker', ports: [2376], schemes: { docker: 2376 } },
  kubernetes: { title: 'Kubernetes', ports: [6443, 10250], schemes: {} },
  dot: { title: 'DNS', ports: [853], schemes: { dot: 853 } },
  syslog: { title: 'Syslog', ports: [6514], schemes: { 'syslog+tls': 6514 } },
  turns: { title: 'TURN', ports: [5349], schemes: { turns: 5349, stuns: 5349 } },
  radsec: { title: 'RADIUS', ports: [2083], schemes: { radsec: 2083 } },
  vault: { title: 'Vault', ports: [8200], schemes: {} },
} as const satisfies Record<string, TlsService>;

const entries: readonly TlsService[] = Object.values(tlsServices);

/** URL schemes in which TLS comes first, with the port that each means. */
export const tlsSchemes: ReadonlyMap<string, number> = new Map(
  entries.flatMap(({ schemes }) => Object.entries(schemes)),
);

const ports: ReadonlySet<number> = new Set(entries.flatMap((service) => [...service.ports]));

/** Returns whether TLS comes first as a rule on a port. */
export function isTlsPort(port: number): boolean {
  return ports.has(port);
}

/** SQL Server's port: with TDS 8.0 TLS comes first there, and the server wants to see its protocol's name. */
const sqlServerPort = 1433;

/** Returns the application protocols that are offered on a port at once. Elsewhere none is: some servers choose certificates by them. */
export function alpnOf(port: number): readonly string[] {
  return port === sqlServerPort ? [tlsServices.tds8.alpn] : [];
}

/**
 * What is offered to a server that insists on an application protocol (alert no_application_protocol): the names of IANA's
 * registry for services that demand one.
 */
export const alpnOfAll: readonly string[] = [
  'http/1.1',
  'h2',
  'tds/8.0',
  'postgresql',
  'mqtt',
  'xmpp-client',
  'xmpp-server',
  'imap',
  'pop3',
  'managesieve',
  'irc',
  'nntp',
  'ftp',
  'dot',
  'stun.turn',
  'radius/1.1',
  'acme-tls/1',
];

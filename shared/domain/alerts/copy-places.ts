import type { Target } from '../../schema/target.ts';
import { capitalise, list } from '../../text/words.ts';

/** Where a copy of a certificate is: a host with its port, or a file. */
export type CopyPlace =
  | Pick<Extract<Target, { host: string }>, 'host' | 'port' | 'starttls'>
  | { file: string };

/** What reads certificates on ports that IANA's registry of service names assigns to its protocol, and has to reload them. */
const services: readonly { ports: readonly number[]; name: string }[] = [
  { ports: [443], name: 'the web server' },
  { ports: [24, 25, 465, 587], name: 'the mail server (Postfix, for example)' },
  { ports: [110, 143, 993, 995, 4190], name: 'the mailbox server (Dovecot, for example)' },
  { ports: [389, 636, 3268, 3269], name: 'the directory server' },
  { ports: [21, 990], name: 'the FTP server' },
  { ports: [5222, 5269], name: 'the XMPP server' },
  { ports: [1883, 8883], name: 'the MQTT broker' },
  { ports: [6667, 6697], name: 'the IRC server' },
  { ports: [5432], name: 'PostgreSQL' },
  { ports: [3306], name: 'MySQL or MariaDB' },
  { ports: [1433], name: 'SQL Server' },
];
/** A mail server may listen anywhere: what it speaks says more than its port. */
const portOf: Readonly<Record<string, number>> = {
  smtp: 25,
  lmtp: 24,
  imap: 143,
  pop3: 110,
  sieve: 4190,
  ftp: 21,
  ldap: 389,
  xmpp: 5222,
  'xmpp-server': 5269,
  irc: 6667,
  postgres: 5432,
  mysql: 3306,
  mssql: 1433,
};

/**
 * Says where a certificate was renewed, where the old one still is, and what to do there.
 * @param expires when the old one expires, as a date in words
 */
export function copiesText(
  renewed: readonly CopyPlace[],
  stale: readonly CopyPlace[],
  expires: string,
): string {
  const hosts = new Set([...renewed, ...stale].flatMap((place) => ('host' in place ? [place.host] : [])));
  const words = (places: readonly CopyPlace[]) =>
    list(
      places.map((place) =>
        placeWords(place, {
          isOneHost: hosts.size < 2,
          isOneFile: places.length > 0 && places.filter((one) => 'file' in one).length < 2,
        }),
      ),
    );
  const remedies = [...new Set(stale.map(remedyOf))];
  return `Renewed ${words(renewed)}, still the old certificate ${words(stale)}. The old one expires on ${expires}. ${capitalise(list(remedies))}.`;
}

function placeWords(
  place: CopyPlace,
  { isOneHost, isOneFile }: { isOneHost: boolean; isOneFile: boolean },
): string {
  if ('file' in place) return isOneFile ? 'on disk' : `in ${place.file}`;
  return isOneHost ? `on port ${place.port}` : `on ${place.host} port ${place.port}`;
}

function remedyOf(place: CopyPlace): string {
  if ('file' in place) return `copy the new certificate to ${place.file}`;
  const port = portOf[place.starttls ?? ''] ?? place.port;
  const service = services.find(({ ports }) => ports.includes(port));
  return `reload ${service?.name ?? `the service on port ${place.port}`}`;
}

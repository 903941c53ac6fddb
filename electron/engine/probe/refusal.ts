/** What a person can do, by why a server does not start TLS. */
const remedies = {
  /** The service knows nothing of TLS on this port. */
  'not-offered': 'Turn on TLS in the service, or correct the port and protocol.',
  /** It refuses this connection, whatever is asked on it: limits, lists, maintenance. */
  'turned-away': 'Follow the server’s message, and check its limits, block lists and log.',
  /** Another protocol is spoken. */
  'not-spoken': 'Correct the port, or choose the STARTTLS protocol that the service speaks.',
  /** The name by which we greet is refused. */
  'client-name':
    'Set an EHLO name that the server accepts, such as this machine’s name in DNS (in the settings, or for this host).',
  /** It knows TLS and cannot start it. */
  'cannot-start': 'Check the server’s log for why it cannot start TLS: certificate, key or limits.',
  'unknown-domain': 'Enter a domain that the server serves as the server name of this host.',
  'tls-first': 'Turn off STARTTLS for this host: its TLS starts immediately.',
  /** CVE-2011-0411 and its kin. */
  injected: 'Update the server, and check that nothing modifies the connection.',
} as const;

/** Why a server does not start TLS. */
export type Refusal = keyof typeof remedies;

/** Words by which a server turns a client away for now or for its address, whatever command they answer. */
const turnsAway =
  /too many|try (again )?later|\blimit|\bbusy\b|\bblocked\b|\bbanned\b|\bdenied\b|blacklist|blocklist|overload|maximum|exceeded|\bin.use\b|unavailable/i;

/** Returns what a person can do. What the server says counts: TLS need not be turned on where connections are too many. */
export function remedyFor(refusal: Refusal, answer = ''): string {
  return remedies[refusal === 'not-offered' && turnsAway.test(answer) ? 'turned-away' : refusal];
}

interface PostfixPlace {
  /** Where its queue, data and log are. */
  folder: string;
  hostname: string;
  /** Paths in PEM. */
  cert: string;
  key: string;
}

/** Returns what every Postfix of the tests has in its main.cf: its files in one folder, loopback alone, and STARTTLS. */
export function postfixMain({ folder, hostname, cert, key }: PostfixPlace): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
myhostname = ${hostname}
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
maillog_file = ${folder}/mail.log
maillog_file_prefixes = ${folder}
smtpd_tls_security_level = may
smtpd_tls_cert_file = ${cert}
smtpd_tls_key_file = ${key}
`;
}

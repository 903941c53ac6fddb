import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Recipe, run } from './real-server.ts';

/** How each server is run on loopback with a certificate of the test's, by its own documentation. */
export const recipes: Recipe[] = [
  {
    name: 'postfix',
    program: 'postfix',
    protocols: ['smtp'],
    prepare({ folder, cert, key, port, write }, program) {
      for (const name of ['queue', 'data']) mkdirSync(join(folder, name));
      run(['chown', 'postfix', join(folder, 'data')]);
      write(
        'conf/main.cf',
        `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
myhostname = mail.example
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
maillog_file = ${folder}/mail.log
maillog_file_prefixes = ${folder}
smtpd_tls_security_level = may
smtpd_tls_cert_file = ${cert}
smtpd_tls_key_file = ${key}
`,
      );
      write(
        'conf/master.cf',
        `127.0.0.1:${port('smtp')} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
`,
      );
      return [program, '-c', join(folder, 'conf'), 'start-fg'];
    },
    stop: ({ folder }) => ['postfix', '-c', join(folder, 'conf'), 'stop'],
  },
  {
    name: 'dovecot',
    program: 'dovecot',
    protocols: ['imap', 'pop3', 'lmtp', 'sieve'],
    prepare({ folder, cert, key, port, write }, program) {
      const listener = (service: string, name: string, number: number) =>
        `service ${service} {\n  inet_listener ${name} {\n    address = 127.0.0.1\n    port = ${number}\n  }\n}\n`;
      const silent = (service: string, name: string) =>
        `service ${service} {\n  inet_listener ${name} {\n    port = 0\n  }\n}\n`;
      const config = write(
        'dovecot.conf',
        `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = /dev/stderr
protocols = imap pop3 lmtp sieve
listen = 127.0.0.1
ssl = yes
ssl_cert = <${cert}
ssl_key = <${key}
mail_location = maildir:${folder}/mail
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${folder}
}
${listener('imap-login', 'imap', port('imap'))}${silent('imap-login', 'imaps')}
${listener('pop3-login', 'pop3', port('pop3'))}${silent('pop3-login', 'pop3s')}
${listener('lmtp', 'lmtp', port('lmtp'))}
${listener('managesieve-login', 'sieve', port('sieve'))}
`,
      );
      return [program, '-F', '-c', config];
    },
  },
  {
    name: 'slapd',
    program: 'slapd',
    protocols: ['ldap'],
    prepare({ folder, cert, key, port, write }, program) {
      const config = write(
        'slapd.conf',
        `pidfile ${folder}/slapd.pid
TLSCertificateFile ${cert}
TLSCACertificateFile ${cert}
TLSCertificateKeyFile ${key}
TLSVerifyClient never
`,
      );
      return [program, '-h', `ldap://127.0.0.1:${port('ldap')}`, '-f', config, '-d', '0'];
    },
  },
  {
    name: 'postgresql',
    program: 'postgres',
    protocols: ['postgres'],
    user: 'postgres',
    prepare({ folder, cert, key, port }, program) {
      const data = join(folder, 'data');
      run([join(program, '..', 'initdb'), '-D', data, '--no-sync', '-A', 'trust'], 'postgres');
      const set = (name: string, value: string | number) => ['-c', `${name}=${value}`];
      return [
        program,
        '-D',
        data,
        ...set('port', port('postgres')),
        ...set('listen_addresses', '127.0.0.1'),
        ...set('unix_socket_directories', folder),
        ...set('ssl', 'on'),
        ...set('ssl_cert_file', cert),
        ...set('ssl_key_file', key),
      ];
    },
  },
  {
    name: 'mariadb',
    program: 'mariadbd',
    protocols: ['mysql'],
    user: 'mysql',
    prepare({ folder, cert, key, port }, program) {
      const data = join(folder, 'data');
      run(
        [
          'mariadb-install-db',
          '--no-defaults',
          `--datadir=${data}`,
          '--skip-test-db',
          '--auth-root-authentication-method=normal',
        ],
        'mysql',
      );
      return [
        program,
        '--no-defaults',
        `--datadir=${data}`,
        `--port=${port('mysql')}`,
        '--bind-address=127.0.0.1',
        `--socket=${folder}/mysql.sock`,
        `--ssl-cert=${cert}`,
        `--ssl-key=${key}`,
        '--skip-grant-tables',
        '--skip-networking=0',
      ];
    },
  },
  {
    name: 'proftpd',
    program: 'proftpd',
    protocols: ['ftp'],
    prepare({ folder, cert, key, port, write }, program) {
      const config = write(
        'proftpd.conf',
        `LoadModule mod_tls.c
ServerType standalone
DefaultAddress 127.0.0.1
SocketBindTight on
Port ${port('ftp')}
User nobody
Group nogroup
UseIPv6 off
PidFile ${folder}/proftpd.pid
ScoreboardFile ${folder}/scoreboard
TLSEngine on
TLSRSACertificateFile ${cert}
TLSRSACertificateKeyFile ${key}
TLSProtocol TLSv1.2 TLSv1.3
`,
      );
      return [program, '-n', '-q', '-c', config];
    },
  },
  {
    name: 'prosody',
    program: 'prosody',
    protocols: ['xmpp', 'xmpp-server'],
    user: 'prosody',
    prepare({ folder, cert, key, port, write }, program) {
      const config = write(
        'prosody.cfg.lua',
        `data_path = "${folder}"
pidfile = "${folder}/prosody.pid"
interfaces = { "127.0.0.1" }
c2s_ports = { ${port('xmpp')} }
s2s_ports = { ${port('xmpp-server')} }
modules_enabled = { "tls"; "saslauth"; "dialback"; }
c2s_require_encryption = true
ssl = { certificate = "${cert}", key = "${key}" }
log = { warn = "*console" }
VirtualHost "localhost"
  ssl = { certificate = "${cert}", key = "${key}" }
`,
      );
      return [program, '-F', '--config', config];
    },
  },
  {
    name: 'xrdp',
    program: 'xrdp',
    protocols: ['rdp'],
    prepare({ folder, cert, key, port, write }, program) {
      const config = write(
        'xrdp.ini',
        `[Globals]
ini_version=1
port=tcp://127.0.0.1:${port('rdp')}
security_layer=tls
certificate=${cert}
key_file=${key}
fork=true
tcp_nodelay=true
[Logging]
LogFile=${folder}/xrdp.log
LogLevel=DEBUG
EnableSyslog=false
`,
      );
      return [program, '--nodaemon', '--config', config];
    },
  },
];

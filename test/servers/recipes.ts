import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { postfixMain } from './postfix-main.ts';
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
      write('conf/main.cf', postfixMain({ folder, hostname: 'mail.example', cert, key }));
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
  {
    // postscreen(8): half a greeting, the rest after twelve seconds, which is more than the timeout of the check; who speaks before is refused.
    name: 'postfix behind postscreen',
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
postscreen_access_list =
postscreen_cache_map = btree:${folder}/data/cache
postscreen_greet_wait = 12s
postscreen_greet_action = enforce
`,
      );
      write(
        'conf/master.cf',
        `127.0.0.1:${port('smtp')} inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
tlsproxy unix - - n - 0 tlsproxy
dnsblog unix - - n - 0 dnsblog
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
    name: 'mosquitto',
    program: 'mosquitto',
    protocols: ['tls'],
    prepare({ cert, key, port, write }, program) {
      const config = write(
        'mosquitto.conf',
        `user root
listener ${port('tls')} 127.0.0.1
certfile ${cert}
keyfile ${key}
allow_anonymous true
`,
      );
      return [program, '-c', config];
    },
  },
  {
    name: 'redis',
    program: 'redis-server',
    protocols: ['tls'],
    prepare: ({ folder, cert, key, port }, program) => [
      program,
      ...['--port', '0', '--bind', '127.0.0.1', '--tls-port', String(port('tls'))],
      ...['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert],
      ...['--tls-auth-clients', 'no', '--save', '', '--dir', folder],
    ],
  },
  {
    name: 'nginx',
    program: 'nginx',
    protocols: ['tls'],
    prepare({ folder, cert, key, port, write }, program) {
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (name) => `${name}_temp_path ${folder}/${name};`,
      );
      const config = write(
        'nginx.conf',
        `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
http { access_log off; ${paths.join(' ')}
  server { listen 127.0.0.1:${port('tls')} ssl; ssl_certificate ${cert}; ssl_certificate_key ${key}; } }`,
      );
      return [program, '-c', config];
    },
  },
  {
    name: 'ejabberd',
    program: 'ejabberdctl',
    protocols: ['xmpp', 'xmpp-server'],
    user: 'ejabberd',
    prepare({ folder, cert, key, port, write }, program) {
      write('server.pem', `${readFileSync(key, 'utf8')}${readFileSync(cert, 'utf8')}`);
      const config = write(
        'ejabberd.yml',
        `hosts: [localhost]
loglevel: warning
certfiles: [${folder}/server.pem]
s2s_use_starttls: optional
listen:
  - { port: ${port('xmpp')}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: true }
  - { port: ${port('xmpp-server')}, ip: "127.0.0.1", module: ejabberd_s2s_in }
modules: {}
`,
      );
      const control = write(
        'ejabberdctl.cfg',
        `ERLANG_NODE=notafter${process.pid}@localhost\nINET_DIST_INTERFACE=127.0.0.1\nERL_DIST_PORT=${port('xmpp') + 1}\nEJABBERD_PID_PATH=${folder}/pid\n`,
      );
      run(['chown', '-R', 'ejabberd', folder]);
      const where = ['--config', config, '--ctl-config', control, '--logs', folder, '--spool', folder];
      return ['env', `HOME=${folder}`, program, ...where, 'foreground'];
    },
    stop: ({ folder }) => ['sh', '-c', `kill "$(cat ${folder}/pid)"`],
  },
  {
    name: 'rabbitmq',
    program: 'rabbitmq-server',
    protocols: ['tls'],
    user: 'rabbitmq',
    prepare({ folder, cert, key, port, write }) {
      write(
        'rabbitmq.conf',
        `listeners.tcp = none
listeners.ssl.1 = 127.0.0.1:${port('tls')}
ssl_options.cacertfile = ${cert}
ssl_options.certfile = ${cert}
ssl_options.keyfile = ${key}
ssl_options.verify = verify_none
log.console = true
`,
      );
      run(['chown', '-R', 'rabbitmq', folder]);
      const settings = {
        HOME: folder,
        ERL_EPMD_PORT: port('tls') + 1,
        ERL_EPMD_ADDRESS: '127.0.0.1',
        RABBITMQ_NODENAME: `notafter${process.pid}@localhost`,
        RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
        RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
        RABBITMQ_LOG_BASE: join(folder, 'log'),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
        RABBITMQ_DIST_PORT: port('tls') + 2,
      };
      const all = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
      return ['env', ...all, '/usr/lib/rabbitmq/bin/rabbitmq-server'];
    },
    afterwards: ({ port }) => ['env', `ERL_EPMD_PORT=${port('tls') + 1}`, 'epmd', '-kill'],
  },
];

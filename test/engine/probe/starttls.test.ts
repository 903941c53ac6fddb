import { describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import { type StarttlsProtocol, starttlsProtocols } from '../../../shared/schema/target.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import {
  ber,
  hex,
  ldapRequest,
  mysqlGreeting,
  mysqlRequest,
  postgresRequest,
  rdpRequest,
  tdsRequest,
  tdsResponse,
  xmppHeader,
  xmppTls,
} from '../../support/dialogue-bytes.ts';
import { refusals } from '../../support/hostile/starttls.ts';
import { makeCa } from '../../support/pki.ts';
import { type Step, serveScript } from '../../support/scripted-server.ts';

const leaf = makeCa().issue({ sans: ['localhost'] });

/** Dialogues that lead to TLS, with greetings as real servers have them. */
const agreed: Record<StarttlsProtocol, Record<string, Step[]>> = {
  smtp: {
    'a plain greeting': [
      { say: '220 mail.example ESMTP Postfix\r\n' },
      { hear: /^EHLO \S+\r\n$/ },
      { say: '250-mail.example\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 SMTPUTF8\r\n' },
      { hear: /^STARTTLS\r\n$/ },
      { say: '220 2.0.0 Ready to start TLS\r\n' },
      'tls',
    ],
    'a greeting of many lines': [
      { say: '220-mail.example ESMTP\r\n220-No unsolicited mail\r\n220 please\r\n' },
      { hear: /EHLO/ },
      { say: '250-mail.example\r\n250 STARTTLS\r\n' },
      { hear: /STARTTLS/ },
      { say: '220 go\r\n' },
      'tls',
    ],
    'a greeting in pieces': [
      { say: '22' },
      { say: '0 mail' },
      { say: '.example\r' },
      { say: '\n' },
      { hear: /EHLO/ },
      { say: '250-x\r\n250-STAR' },
      { say: 'TTLS\r\n250 OK\r\n' },
      { hear: /STARTTLS/ },
      { say: '220 go\r\n' },
      'tls',
    ],
  },
  lmtp: {
    'a plain greeting': [
      { say: '220 mail.example LMTP\r\n' },
      { hear: /^LHLO \S+\r\n$/ },
      { say: '250-mail\r\n250-STARTTLS\r\n250 CHUNKING\r\n' },
      { hear: /STARTTLS/ },
      { say: '220 go\r\n' },
      'tls',
    ],
  },
  imap: {
    'capabilities in the greeting': [
      { say: '* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Dovecot ready.\r\n' },
      { hear: /^a1 STARTTLS\r\n$/ },
      { say: 'a1 OK Begin TLS negotiation now.\r\n' },
      'tls',
    ],
    'untagged lines before the answer': [
      { say: '* OK hello\r\n' },
      { hear: /STARTTLS/ },
      { say: '* CAPABILITY IMAP4rev1\r\na1 OK go\r\n' },
      'tls',
    ],
  },
  pop3: {
    'a plain greeting': [
      { say: '+OK Dovecot ready. <1@mail>\r\n' },
      { hear: /^STLS\r\n$/ },
      { say: '+OK Begin TLS negotiation now.\r\n' },
      'tls',
    ],
  },
  ftp: {
    'a plain greeting': [
      { say: '220 ProFTPD Server\r\n' },
      { hear: /^AUTH TLS\r\n$/ },
      { say: '234 AUTH TLS successful\r\n' },
      'tls',
    ],
    'a greeting that asks for no login': [
      { say: '230 Welcome\r\n' },
      { hear: /^AUTH TLS\r\n$/ },
      { say: '234 go\r\n' },
      'tls',
    ],
    'AUTH SSL alone': [
      { say: '220 FTP\r\n' },
      { hear: /^AUTH TLS\r\n$/ },
      { say: '504 Command not implemented for that parameter\r\n' },
      { hear: /^AUTH SSL\r\n$/ },
      { say: '234 AUTH SSL successful\r\n' },
      'tls',
    ],
    'a delay and lines between': [
      { say: '120 in a minute\r\n220-Welcome\r\n  to this server\r\n220 ready\r\n' },
      { hear: /AUTH TLS/ },
      { say: '234 go\r\n' },
      'tls',
    ],
  },
  ldap: {
    // testssl.sh #2290: Active Directory writes each length in four octets behind 84.
    'the lengths of Active Directory': [
      { hear: ldapRequest },
      {
        say: hex(
          '30 84 00 00 00 28 02 01 01 78 84 00 00 00 1f 0a 01 00 04 00 04 00 8a 16 31 2e 33 2e 36 2e 31 2e 34 2e 31 2e 31 34 36 36 2e 32 30 30 33 37',
        ),
      },
      'tls',
    ],
    'a notification that answers nothing (RFC 4511 §4.4)': [
      { hear: ldapRequest },
      { say: hex('30 11 02 01 00 78 0c 0a 01 00 04 00 04 00 8a 03 31 2e 32') },
      { say: hex('30 0c 02 01 01 78 07 0a 01 00 04 00 04 00') },
      'tls',
    ],
    ...Object.fromEntries(
      [1, 2, 3, 8, 126].map((octets) => [
        `lengths in ${octets} octets`,
        [
          { hear: ldapRequest },
          {
            say: ber(0x30, octets, ber(0x02, octets, hex('01')), ber(0x78, octets, hex('0a0100 0400 0400'))),
          },
          'tls',
        ] satisfies Step[],
      ]),
    ),
    'a short answer': [
      { hear: ldapRequest },
      { say: hex('30 0c 02 01 01 78 07 0a 01 00 04 00 04 00') },
      'tls',
    ],
    'a name in the answer': [
      { hear: ldapRequest },
      {
        say: hex(
          '30 81 25 02 01 01 78 81 1f 0a 01 00 04 00 04 00 8a 16 31 2e 33 2e 36 2e 31 2e 34 2e 31 2e 31 34 36 36 2e 32 30 30 33 37',
        ),
      },
      'tls',
    ],
  },
  xmpp: {
    // ejabberd #814: prefixes are the server's to choose (Namespaces in XML §4).
    'another prefix for the stream': [
      { hear: /jabber:client/ },
      {
        say: `<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:client' id='1' version='1.0'><s:features>${xmppTls}</s:features>`,
      },
      { hear: /starttls/ },
      { say: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" },
      'tls',
    ],
    'the stream’s namespace by default': [
      { hear: /jabber:client/ },
      {
        say: "<?xml version='1.0' encoding='UTF-8'?>\n<stream xmlns='http://etherx.jabber.org/streams' version='1.0'><!-- hello --><features><tls:starttls xmlns:tls='urn:ietf:params:xml:ns:xmpp-tls'><tls:required/></tls:starttls><auth xmlns='http://jabber.org/features/iq-auth'/></features>",
      },
      { hear: /starttls/ },
      { say: '<t:proceed xmlns:t="urn:ietf:params:xml:ns:xmpp-tls"></t:proceed >' },
      'tls',
    ],
    'features with other things': [
      { hear: /to='localhost' xmlns='jabber:client'.*version='1.0'>$/ },
      { say: `${xmppHeader}<stream:features>${xmppTls}<mechanisms/></stream:features>` },
      { hear: /<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'\/>$/ },
      { say: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" },
      'tls',
    ],
    'features in pieces': [
      { hear: /jabber:client/ },
      { say: xmppHeader },
      { say: `<stream:features>${xmppTls.slice(0, 20)}` },
      { say: `${xmppTls.slice(20)}</stream:fea` },
      { say: 'tures>' },
      { hear: /starttls/ },
      { say: '<proceed ' },
      { say: "xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" },
      'tls',
    ],
  },
  'xmpp-server': {
    features: [
      { hear: /xmlns='jabber:server'/ },
      { say: `${xmppHeader}<stream:features>${xmppTls}</stream:features>` },
      { hear: /starttls/ },
      { say: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" },
      'tls',
    ],
  },
  postgres: { yes: [{ hear: postgresRequest }, { say: 'S' }, 'tls'] },
  mysql: {
    MariaDB: [{ say: mysqlGreeting(true) }, { hear: mysqlRequest }, 'tls'],
    'a greeting in pieces': [
      { say: mysqlGreeting(true, '8.0.36').subarray(0, 3) },
      { say: mysqlGreeting(true, '8.0.36').subarray(3) },
      { hear: mysqlRequest },
      'tls',
    ],
  },
  mssql: {
    'encryption on': [{ hear: tdsRequest }, { say: tdsResponse(1) }, 'tds-tls'],
    'encryption of the login alone': [{ hear: tdsRequest }, { say: tdsResponse(0) }, 'tds-tls'],
    'encryption required, in pieces': [
      { hear: tdsRequest },
      { say: tdsResponse(3).subarray(0, 9) },
      { say: tdsResponse(3).subarray(9) },
      'tds-tls',
    ],
  },
  amqp: {
    'the same header': [
      { hear: hex('41 4d 51 50 02 01 00 00') },
      { say: hex('41 4d 51 50 02 01 00 00') },
      'tls',
    ],
  },
  nntp: {
    'posting allowed': [
      { say: '200 news.example ready\r\n' },
      { hear: /^STARTTLS\r\n$/ },
      { say: '382 Continue with TLS negotiation\r\n' },
      'tls',
    ],
    'posting prohibited': [
      { say: '201 news.example ready\r\n' },
      { hear: /STARTTLS/ },
      { say: '382 go\r\n' },
      'tls',
    ],
    'a server that other servers feed (RFC 3977 §5.3), as INN’s is': [
      { say: '200 news.example InterNetNews server INN 2.7.1 ready (transit mode)\r\n' },
      { hear: /^STARTTLS\r\n$/ },
      { say: '401 MODE-READER\r\n' },
      { hear: /^MODE READER\r\n$/ },
      { say: '200 news.example InterNetNews NNRP server INN 2.7.1 ready (posting ok)\r\n' },
      { hear: /^STARTTLS\r\n$/ },
      { say: '382 Begin TLS negotiation now\r\n' },
      'tls',
    ],
  },
  sieve: {
    capabilities: [
      {
        say: '"IMPLEMENTATION" "Dovecot Pigeonhole"\r\n"SIEVE" "fileinto"\r\n"STARTTLS"\r\n"VERSION" "1.0"\r\nOK "Dovecot ready."\r\n',
      },
      { hear: /^STARTTLS\r\n$/ },
      { say: 'OK "Begin TLS negotiation now."\r\n' },
      'tls',
    ],
    'capabilities as literals (RFC 5804 §4)': [
      { say: '"IMPLEMENTATION" {6}\r\nOK\r\nab\r\n{8+}\r\nSTARTTLS\r\nOK {2}\r\n' },
      { say: 'hi\r\n' },
      { hear: /^STARTTLS\r\n$/ },
      { say: 'OK\r\n' },
      'tls',
    ],
  },
  irc: {
    'notices first': [
      { say: ':irc.example NOTICE * :*** Looking up your hostname...\r\n' },
      { hear: /^STARTTLS\r\n$/ },
      {
        say: ':irc.example NOTICE * :*** Found\r\n\r\n:irc.example 439 * :Please wait\r\n:irc.example 670 * :STARTTLS successful, go ahead with TLS handshake\r\n',
      },
      'tls',
    ],
  },
  rdp: {
    'a choice of TLS': [
      { hear: rdpRequest },
      { say: hex('03 00 00 13 0e d0 00 00 12 34 00 02 00 08 00 01 00 00 00') },
      'tls',
    ],
    'a choice of CredSSP': [
      { hear: rdpRequest },
      { say: hex('03 00 00 13 0e d0 00 00 12 34 00 02 1f 08 00 02 00 00 00') },
      'tls',
    ],
  },
};

async function checkScript(protocol: StarttlsProtocol, steps: Step[], reader: 'light' | 'full' = 'light') {
  await using server = await serveScript(steps, leaf);
  const { result } = await new Prober().check({
    target: { host: 'localhost', port: server.port, servername: null, starttls: protocol },
    thresholds: defaultThresholds,
    caFiles: [],
    connection: connectionSchema.parse({ reader }),
    timeoutMs: 5000,
  });
  return { result, faults: server.faults };
}

describe('STARTTLS', () => {
  it('has a dialogue for every protocol', () =>
    expect(Object.keys(agreed).sort()).toEqual([...starttlsProtocols].sort()));

  const dialogues = Object.entries(agreed).flatMap(([protocol, variants]) =>
    Object.entries(variants).map(
      ([variant, steps]) => [protocol as StarttlsProtocol, variant, steps] as const,
    ),
  );
  it.each(dialogues)('%s is read after %s', async (protocol, _variant, steps) => {
    const { result, faults } = await checkScript(protocol, steps);
    expect(faults).toEqual([]);
    expect(result.unreachable).toBeNull();
    expect(result).toMatchObject({
      target: { starttls: protocol },
      certificate: { subject: 'CN=localhost' },
    });
    expect(result.timings.starttls).not.toBeNull();
    const { result: byFull } = await checkScript(protocol, steps, 'full');
    const verdictOf = ({ status, problems, certificate, protocol: version }: CheckResult) => ({
      status,
      problems,
      certificate,
      version,
    });
    expect(verdictOf(byFull)).toEqual(verdictOf(result));
  });

  it.each(refusals)('%s meets %s', async (protocol, _what, steps, reason, sentence) => {
    const { result } = await checkScript(protocol, steps);
    expect(result).toMatchObject({
      status: 'unreachable',
      unreachable: { reason, message: expect.stringMatching(sentence) },
    });
  });

  it('covers a refusal for every protocol', () => {
    expect(new Set(refusals.map(([protocol]) => protocol))).toEqual(new Set(starttlsProtocols));
  });

  it('gives up at the deadline where the server says nothing', async () => {
    await using server = await serveScript([], leaf);
    const { result } = await new Prober().check({
      target: { host: 'localhost', port: server.port, servername: null, starttls: 'smtp' },
      thresholds: defaultThresholds,
      caFiles: [],
      timeoutMs: 300,
    });
    expect(result.unreachable).toMatchObject({
      reason: 'timeout',
      message: expect.stringContaining('before TLS started'),
    });
  });

  it('is cut off where the server sends without end', async () => {
    const { result } = await checkScript('smtp', [{ say: Buffer.alloc(200_000, 'x') }]);
    expect(result.unreachable).toMatchObject({
      reason: 'starttls-refused',
      message: expect.stringContaining('without end'),
    });
  });
});

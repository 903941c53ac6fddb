import { compressionAlgorithms } from './certificate-compression.ts';
import type { KeyShare } from './key-shares.ts';
import {
  fitsPreference,
  groups,
  isOffered,
  type Offer,
  type Preference,
  signatureSchemes,
  suites12,
  suites13,
} from './parameters.ts';
import { uint16, vector } from './wire.ts';

export interface HelloOptions {
  /** 32 fresh random bytes: what the server signs, so that an old answer cannot be played back. */
  random: Buffer;
  /** 32 bytes, for servers and boxes between that expect a session to resume (RFC 8446 §D.4). */
  sessionId: Buffer;
  /** Sent as SNI (RFC 6066 §3); null sends none. */
  servername: string | null;
  shares: readonly KeyShare[];
  /** Application protocols (RFC 7301); none by default, since some servers choose certificates by them. */
  alpn: readonly string[];
  /** Which certificate a server with several is asked for. */
  preference: Preference;
  /** Which suites are offered; all by default. */
  offer?: Offer;
  /** Comes back as it was sent by a HelloRetryRequest (RFC 8446 §4.2.2). */
  cookie?: Buffer;
}

const clientHelloType = 1;

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([uint16(type), vector(2, content)]);
}

/** What is the same in every hello that asks for the same certificate: the suites, and most extensions. */
interface Constant {
  suites: Buffer;
  extensions: Buffer;
}

function constantFor(preference: Preference, offer: Offer = 'all'): Constant {
  const schemes = [...signatureSchemes].filter(([, scheme]) => fitsPreference(scheme, preference));
  const old = [...suites12].filter(
    ([code, { authentication }]) =>
      isOffered(code, offer) &&
      (preference === 'any' || (authentication === 'rsa') === (preference === 'rsa')),
  );
  const newer = Object.keys(suites13).map(Number);
  return {
    // AES-256 first, as OpenSSL has it.
    suites: vector(2, uint16(...newer.sort((one, other) => other - one), ...old.map(([code]) => code))),
    extensions: Buffer.concat([
      extension(0x0017, Buffer.alloc(0)), // extended_master_secret, RFC 7627
      extension(0xff01, vector(1)), // renegotiation_info, RFC 5746
      extension(0x000a, vector(2, uint16(...Object.values(groups)))), // supported_groups
      extension(0x000b, vector(1, Buffer.from([0]))), // ec_point_formats, RFC 8422 §5.1.2
      extension(0x000d, vector(2, uint16(...schemes.map(([code]) => code)))), // signature_algorithms
      extension(0x0005, Buffer.from([1, 0, 0, 0, 0])), // status_request: OCSP, RFC 6066 §8
      extension(0x0012, Buffer.alloc(0)), // signed_certificate_timestamp, RFC 6962 §3.3.1
      extension(0x002b, vector(1, uint16(0x0304, 0x0303, 0x0302, 0x0301))), // supported_versions
      extension(0x001b, vector(1, uint16(...compressionAlgorithms))), // compress_certificate, RFC 8879 §3
      extension(0x002d, vector(1, Buffer.from([1]))), // psk_key_exchange_modes: some servers want to see it
    ]),
  };
}

const constants: Readonly<Record<Preference, Constant>> = {
  any: constantFor('any'),
  ecdsa: constantFor('ecdsa'),
  rsa: constantFor('rsa'),
};

const ofBrowsers = constantFor('any', 'browsers');

/** One ClientHello for TLS 1.0 to 1.3, as a handshake message (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2). */
export function clientHello(options: HelloOptions): Buffer {
  const { random, sessionId, servername, shares, alpn, preference, cookie } = options;
  const constant = options.offer === 'browsers' ? ofBrowsers : constants[preference];
  const keys = shares.map(({ group, publicKey }) => Buffer.concat([uint16(group), vector(2, publicKey)]));
  const extensions = [
    constant.extensions,
    ...(servername === null ? [] : [serverName(servername)]),
    ...(alpn.length === 0
      ? []
      : [extension(0x0010, vector(2, ...alpn.map((protocol) => vector(1, Buffer.from(protocol)))))]), // ALPN
    extension(0x0033, vector(2, ...keys)), // key_share
    ...(cookie === undefined ? [] : [extension(0x002c, vector(2, cookie))]),
  ];
  const before = Buffer.concat([
    uint16(0x0303),
    random,
    vector(1, sessionId),
    constant.suites,
    vector(1, Buffer.from([0])), // no compression
  ]);
  const length = 4 + before.length + 2 + extensions.reduce((sum, one) => sum + one.length, 0);
  const body = Buffer.concat([before, vector(2, ...extensions, padding(length))]);
  return Buffer.concat([Buffer.from([clientHelloType]), vector(3, body)]);
}

/** Some boxes hang on a hello of 256 to 511 bytes: it is made longer (RFC 7685 §1 and §4). @param length that of the message without it */
function padding(length: number): Buffer {
  if (length < 256 || length > 511) return Buffer.alloc(0);
  return extension(0x0015, Buffer.alloc(Math.max(1, 512 - length - 4)));
}

/** server_name: RFC 6066 §3. */
function serverName(name: string): Buffer {
  return extension(0x0000, vector(2, Buffer.from([0]), vector(2, Buffer.from(name, 'ascii'))));
}

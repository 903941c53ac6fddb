import type { KeyFault } from '../../../shared/domain/problems/evidence.ts';

/** What a server presented, before any judgement. */
export interface ServerPresentation {
  /** Certificates in DER as sent, the leaf first. */
  chain: Buffer[];
  protocol: string | null;
  cipher: string | null;
  /** The stapled OCSP response in DER (RFC 6066 §8), as sent. */
  staple: Buffer | null;
  /** SCTs of the TLS extension (RFC 6962 §3.3.1), as sent; undefined where the reader cannot see it, as node:tls cannot. */
  sctList?: Buffer | null;
  /** Whether the server agrees on none of the suites that browsers offer; left out where that was not asked. */
  refusesBrowsers?: boolean;
  /** Whether the server has shown that it holds the leaf's key. What is not proven is not believed. */
  isKeyProven: boolean;
  /** Whether the server can prove its key only after a client certificate: it demands one with RSA key exchange. */
  provesAfterClient?: boolean;
  /** Why the key was not proven, once nothing more can be tried. */
  keyFault?: KeyFault;
}

/** Receives what was presented when a handshake ends before the key was proven. */
export type OnUnproven = (presented: ServerPresentation) => void;

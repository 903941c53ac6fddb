import type { Random } from './random.ts';
import { containers } from './targets/containers.ts';
import { http } from './targets/http.ts';
import { commandLines, csv, gatus, hosts, yaml } from './targets/imports.ts';
import { keystores } from './targets/keystores.ts';
import { names } from './targets/names.ts';
import { ocsp } from './targets/ocsp.ts';
import { pem } from './targets/pem.ts';
import { pkcs12 } from './targets/pkcs12.ts';
import { revocationList } from './targets/revocation-list.ts';
import { tlsReader } from './targets/tls-reader.ts';

/** One reader of bytes that others made, fed with broken ones. */
export interface FuzzTarget {
  /**
   * Runs one case and returns its outcome.
   * @throws whatever is no verdict about the bytes: a fault of ours
   */
  run: (random: Random) => string | Promise<string>;
  /** Outcomes that must be met, so that the cases reach further than the first bound. */
  mustMeet: readonly string[];
  /** Ends what the cases shared. */
  close?: () => Promise<void>;
}

/** Every target by its name. A new one is an entry here. */
export const fuzzTargets = {
  'command-lines': commandLines,
  gatus,
  containers,
  csv,
  hosts,
  http,
  keystores,
  names,
  ocsp,
  pem,
  pkcs12,
  'revocation-list': revocationList,
  'tls-reader': tlsReader,
  yaml,
} as const satisfies Record<string, FuzzTarget>;

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';

/** 32 bytes of base64url: what is shorter was not written by us. */
const tokenPattern = /^[\w-]{43,}$/;

/** The API's token, made at the first start and readable by its owner alone. */
export function readOrMakeToken(path: string): string {
  const known = readToken(path);
  if (known) return known;
  const token = randomBytes(32).toString('base64url');
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  chmodSync(path, 0o600); // An old file keeps its mode when it is written over.
  return token;
}

function readToken(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return tokenPattern.test(text) ? text : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whether an Authorization header carries the token (RFC 6750 §2.1), compared in constant time. */
export function isAuthorised(header: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
  if (given === undefined) return false;
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

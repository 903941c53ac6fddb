import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { errorCode } from '../error-code.ts';
import type { Log } from '../log.ts';

const installationSchema = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/), host: z.string() });

/**
 * Returns the id by which services tell this installation from others. It is kept in a file with the machine that it was made on: a data
 * folder that was copied to another machine gets a new one there, so that the two do not close each other's incidents.
 */
export function installationId(path: string, log: Pick<Log, 'warn'>): string {
  const host = createHash('sha256').update(`${machineId()} ${hostname()}`).digest('hex').slice(0, 32);
  const kept = read(path);
  if (kept?.host === host) return kept.id;
  const id = randomBytes(8).toString('hex');
  try {
    writeFileSync(path, JSON.stringify({ id, host }), { mode: 0o600 });
  } catch (error) {
    log.warn(`${path} could not be written (${errorCode(error) ?? String(error)})`);
  }
  return id;
}

function read(path: string): z.infer<typeof installationSchema> | null {
  try {
    return installationSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null; // There is none yet, or it is damaged: a new one is made.
  }
}

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return ''; // Only Linux has this file; the host name tells elsewhere.
  }
}

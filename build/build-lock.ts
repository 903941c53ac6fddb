import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A build takes a few seconds; one that takes longer than this has hung. */
const maxBuildMs = 300_000;

/** The file that is locked while dist/ is written. */
const lockFile = join(import.meta.dirname, '../node_modules/.notafter-build.sqlite');

/**
 * Runs work while no other process builds, and waits for one that does. Says so on standard error.
 * @throws Error where another process holds the lock for five minutes
 */
export async function withBuildLock<Value>(work: () => Promise<Value>): Promise<Value> {
  mkdirSync(dirname(lockFile), { recursive: true });
  const lock = new DatabaseSync(lockFile);
  try {
    begin(lock);
    return await work();
  } finally {
    lock.close();
  }
}

/** Begins an exclusive transaction: the operating system lets go of it with the process, however that ends. */
function begin(lock: DatabaseSync): void {
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('locked')) throw error;
    process.stderr.write('Waiting for another build of NotAfter…\n');
    lock.exec(`PRAGMA busy_timeout = ${maxBuildMs}; BEGIN EXCLUSIVE`);
  }
}

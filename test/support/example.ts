import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** Runs a script of docs/examples to its end. */
export function runExample(name: string, ...args: string[]): Promise<{ status: number; stdout: string }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number; stdout: string }>();
  const script = join(import.meta.dirname, '../../docs/examples', name);
  const child = execFile('sh', [script, ...args], (_error, stdout) => {
    resolve({ status: child.exitCode ?? -1, stdout });
  });
  return promise;
}

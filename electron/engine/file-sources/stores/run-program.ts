import { spawn } from 'node:child_process';

/** Why a program gave nothing, as a sentence. */
export class ProgramError extends Error {
  override name = 'ProgramError';
}

export interface ProgramBounds {
  timeoutMs: number;
  maxBytes: number;
}

/** What a store may take to be listed, and how much it may say. */
const usualBounds: ProgramBounds = { timeoutMs: 60_000, maxBytes: 32 * 1024 * 1024 };

/**
 * Runs a program of the system and returns what it prints. It is called by its full path and without a shell, gets nothing to read and no
 * environment but where the system is, and is ended where it takes too long or says too much.
 * @throws ProgramError; the signal's reason where it aborts
 */
export function runProgram(
  path: string,
  args: readonly string[],
  signal: AbortSignal,
  { timeoutMs, maxBytes }: ProgramBounds = usualBounds,
): Promise<Buffer> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const child = spawn(path, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
    env: systemEnvironment(),
  });
  const pieces: Buffer[] = [];
  let length = 0;
  const end = (error: unknown) => {
    reject(error);
    child.kill('SIGKILL');
  };
  const onAbort = () => end(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const late = AbortSignal.timeout(timeoutMs);
  const onLate = () => end(new ProgramError(`${path} did not end within ${timeoutMs / 1000} s.`));
  late.addEventListener('abort', onLate, { once: true });
  child.stdout.on('data', (piece: Buffer) => {
    length += piece.length;
    if (length > maxBytes) end(new ProgramError(`${path} prints more than is read.`));
    else pieces.push(piece);
  });
  child.once('error', (error: NodeJS.ErrnoException) =>
    end(new ProgramError(`${path} cannot be run (${error.code ?? error.message}).`, { cause: error })),
  );
  child.once('close', (status) => {
    if (status === 0) resolve(Buffer.concat(pieces, length));
    else reject(new ProgramError(`${path} ended with ${status ?? 'a signal'}.`));
  });
  return promise.finally(() => {
    late.removeEventListener('abort', onLate);
    signal.removeEventListener('abort', onAbort);
  });
}

function systemEnvironment(): NodeJS.ProcessEnv {
  const { SystemRoot, PATH } = process.env;
  return { ...(SystemRoot === undefined ? {} : { SystemRoot }), ...(PATH === undefined ? {} : { PATH }) };
}

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { EngineEvent } from '../../shared/schema/event.ts';

const notafter = join(import.meta.dirname, '../../dist/app/notafter.js');

/** What `serve --json` says when it is ready. */
export interface Ready {
  url: string;
  listenUrl: string | null;
  token: string;
  dataDir: string;
  pid: number;
}

/** A running `notafter serve`, ended with the test. */
export class Service implements AsyncDisposable {
  readonly ready: Ready;
  readonly #child: ChildProcess;
  #errors = '';

  private constructor(child: ChildProcess, ready: Ready) {
    this.#child = child;
    this.ready = ready;
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
  }

  static start(dataDir: string, ...args: string[]): Promise<Service> {
    return Service.startFrom(notafter, dataDir, ...args);
  }

  /** Starts another copy of the program. */
  static async startFrom(program: string, dataDir: string, ...args: string[]): Promise<Service> {
    const child = spawn(
      process.execPath,
      [program, 'serve', '--port', '0', '--data', dataDir, '--json', ...args],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    const [line] = (await Promise.race([
      once(lines, 'line'),
      once(child, 'close').then(() => {
        throw new Error(`serve ended: ${errors}`);
      }),
    ])) as [string];
    return new Service(child, JSON.parse(line) as Ready);
  }

  /** What it has logged since it was ready. */
  get log(): string {
    return this.#errors;
  }

  /** A call of the REST API. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: Headers; body: unknown }> {
    const isText = typeof body === 'string';
    const response = await fetch(new URL(`api/v1${path}`, this.ready.url), {
      method,
      headers: {
        authorization: `Bearer ${this.ready.token}`,
        ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  /** Events as they come. The stream is open when this resolves. */
  async events(signal: AbortSignal): Promise<AsyncGenerator<EngineEvent>> {
    const response = await fetch(new URL('api/v1/events', this.ready.url), {
      headers: { authorization: `Bearer ${this.ready.token}` },
      signal,
    });
    return readEvents(response);
  }

  /** Sends a signal and waits for the end. Answers the exit status, null after a kill. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const closed = once(this.#child, 'close');
    this.#child.kill(signal);
    const [code] = (await closed) as [number | null];
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }
}

async function* readEvents(response: Response): AsyncGenerator<EngineEvent> {
  for await (const block of readBlocks(response))
    yield JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '') as EngineEvent;
}

/** The events of a stream as they are written, those with data. */
export async function* readBlocks(response: Response): AsyncGenerator<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) if (/^data: /m.test(block)) yield block;
  }
}

interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs the built command line to its end. */
export function runNotafter(...args: string[]): Promise<Ended> {
  return runNotafterIn(process.cwd(), ...args);
}

/** Runs the built command line to its end in a folder. */
export function runNotafterIn(cwd: string, ...args: string[]): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const child = execFile(process.execPath, [notafter, ...args], { cwd }, (_error, stdout, stderr) => {
    resolve({ status: child.exitCode ?? -1, stdout, stderr });
  });
  return promise;
}

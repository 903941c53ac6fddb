import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Access } from '../../shared/schema/api-access.ts';
import type { Settings } from '../../shared/schema/settings.ts';
import type { Engine } from '../engine/engine.ts';
import { errorCode } from '../engine/error-code.ts';
import type { Log } from '../engine/log.ts';
import type { HttpServer, HttpServerOptions } from './http/server.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { AccessControl } from './router/router.ts';
import { Token } from './token.ts';

export interface ApiServiceOptions extends Pick<HttpServerOptions, 'pageFolder' | 'docsFolder' | 'limits'> {
  engine: Engine;
  log: Log;
  /** Where the files of token and endpoint lie. */
  dataFolder: string;
}

/** The file that says where the API of a data folder is, and the one with its token. */
export const endpointFile = 'endpoint.json';
export const tokenFile = 'token';

/** The HTTP API of an engine: there while it is wanted, with its token, and a file by which the command line finds it. */
export class ApiService implements AccessControl {
  readonly #options: ApiServiceOptions;
  readonly #token: Token;
  readonly #endpointFile: string;
  /** Made at the first start, and kept while the API is off: its counters count on. */
  #metrics: Metrics | null = null;
  #server: HttpServer | null = null;
  #problem: string | null = null;
  #unsubscribe: (() => void) | null = null;
  /** Turning it on and off takes its turn, however fast it is clicked. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ApiServiceOptions) {
    this.#options = options;
    this.#token = new Token(join(options.dataFolder, tokenFile));
    this.#endpointFile = join(options.dataFolder, endpointFile);
  }

  /** @throws ListenCertificateError, the listen error */
  async start(where: Pick<HttpServerOptions, 'port' | 'others' | 'socket'>): Promise<HttpServer> {
    // Loaded when it is wanted: the desktop starts without it.
    const [{ startHttpServer }, metrics] = await Promise.all([
      import('./http/server.ts'),
      import('./metrics/metrics.ts'),
    ]);
    this.#metrics ??= new metrics.Metrics(this.#options.engine);
    const server = await startHttpServer({
      ...this.#options,
      ...where,
      token: this.#token,
      metrics: this.#metrics,
      access: this,
    });
    this.#server = server;
    this.#writeEndpoint(server.url);
    return server;
  }

  /** Starts and stops with the settings from now on. For the desktop, where the API is off by default. */
  followSettings(): void {
    const { engine } = this.#options;
    let wanted: Settings['api'] | null = null;
    const follow = ({ api }: Settings) => {
      if (api.enabled === wanted?.enabled && api.port === wanted.port) return;
      wanted = api;
      this.#turn = this.#turn.then(() => this.#apply(api));
    };
    this.#unsubscribe = engine.events.subscribe((event) => {
      if (event.type === 'settings-changed') follow(event.settings);
    });
    follow(engine.settings.current);
  }

  get(): Access {
    const url = this.#server?.url ?? null;
    const listenUrl = this.#server?.listenUrl ?? null;
    const outermost = listenUrl ?? url;
    return {
      url,
      listenUrl,
      token: url === null ? null : this.#token.value,
      tokenFile: this.#token.path,
      // A calendar program reaches no socket.
      calendarUrl: outermost?.startsWith('http')
        ? `${outermost}calendar/${this.#token.calendarKey}.ics`
        : null,
      problem: this.#problem,
    };
  }

  rotateToken(): Access {
    this.#token.rotate();
    this.#options.log.info('the API has a new token');
    // The answer to who asked for it is under way; what was opened by the old token ends.
    setImmediate(() => this.#server?.endStreams());
    return this.get();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await this.#turn;
    await this.#close();
    this.#metrics?.close();
  }

  async #apply({ enabled, port }: Settings['api']): Promise<void> {
    await this.#close();
    this.#problem = null;
    if (enabled) {
      try {
        const { url } = await this.start({ port });
        this.#options.log.info(`the API is at ${url}`);
      } catch (error) {
        const [code, message] = [errorCode(error), error instanceof Error ? error.message : String(error)];
        this.#problem = `Cannot listen on port ${port} (${code ?? message}). Choose another.`;
        this.#options.log.warn(this.#problem);
      }
    }
    this.#options.engine.status.announce();
  }

  async #close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    rmSync(this.#endpointFile, { force: true });
    await server.close();
  }

  #writeEndpoint(url: string): void {
    writeFileSync(this.#endpointFile, `${JSON.stringify({ url, pid: process.pid })}\n`, { mode: 0o600 });
    chmodSync(this.#endpointFile, 0o600); // An old file keeps its mode when it is written over.
  }
}

import { Duplex } from 'node:stream';

/** Passes everything on between two ends, and shows what comes from the far one on its way. Owns the stream below. */
export class TappedStream extends Duplex {
  readonly #below: Duplex;

  /** @param onChunk sees each chunk before it is passed on */
  constructor(below: Duplex, onChunk: (chunk: Buffer) => void) {
    super();
    this.#below = below;
    below
      .on('data', (chunk: Buffer) => {
        onChunk(chunk);
        if (!this.push(chunk)) below.pause();
      })
      .on('end', () => this.push(null))
      .on('error', (error) => this.destroy(error))
      .on('close', () => this.destroy());
  }

  override _read(): void {
    this.#below.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#below.write(chunk, done);
  }

  /** What node:tls writes in one go stays in one piece: a hello in two packets is too much for some boxes. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#below.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#below.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#below.destroy();
    done(error);
  }
}

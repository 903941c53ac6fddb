import { DerError } from '../x509/der.ts';

const begin = '-----BEGIN X509 CRL-----';
/** Words before the list, as `openssl crl -text` writes them, are passed over up to here. */
const maxPreamble = 64 * 1024;

/** Decodes a list in PEM (RFC 7468 §6) as it comes; DER passes through. */
export class PemDecoder {
  #mode: 'unknown' | 'der' | 'preamble' | 'body' | 'done' = 'unknown';
  #text = '';
  #passed = 0;

  /** @throws DerError where it is neither */
  decode(chunk: Buffer): Buffer {
    if (this.#mode === 'unknown' && chunk.length > 0) this.#mode = chunk[0] === 0x30 ? 'der' : 'preamble';
    if (this.#mode === 'der' || this.#mode === 'unknown') return chunk;
    if (this.#mode === 'done') return Buffer.alloc(0); // Only the first list counts.
    this.#text += chunk.toString('latin1');
    if (this.#mode === 'preamble') this.#skipPreamble();
    return this.#mode === 'body' ? this.#decodeBody() : Buffer.alloc(0);
  }

  #skipPreamble(): void {
    const at = this.#text.indexOf(begin);
    if (at >= 0) {
      this.#mode = 'body';
      this.#text = this.#text.slice(at + begin.length);
      return;
    }
    const kept = this.#text.slice(-begin.length);
    this.#passed += this.#text.length - kept.length;
    this.#text = kept;
    if (this.#passed > maxPreamble) throw new DerError('it is no revocation list');
  }

  /** Decodes whole groups of four characters; the rest waits for more. */
  #decodeBody(): Buffer {
    const at = this.#text.indexOf('-');
    const isLast = at >= 0;
    const characters = (isLast ? this.#text.slice(0, at) : this.#text).replace(/[\r\n\t ]/g, '');
    const whole = isLast ? characters.length : characters.length - (characters.length % 4);
    this.#text = characters.slice(whole);
    if (isLast) this.#mode = 'done';
    return Buffer.from(characters.slice(0, whole), 'base64');
  }
}

import type { ParsedCertificate } from './certificate.ts';

/** More intermediates than all public CAs have in use. */
const limit = 2000;

/**
 * Intermediates that led to a trusted root before: another server may forget to send one of them. Only certificates
 * of trusted paths are kept, so that a server cannot put in what it likes.
 */
export class KnownIntermediates {
  readonly #byFingerprint = new Map<string, ParsedCertificate>();
  readonly #bySubject = new Map<string, ParsedCertificate[]>();

  add(certificate: ParsedCertificate): void {
    if (this.#byFingerprint.has(certificate.fingerprint256) || this.#byFingerprint.size >= limit) return;
    this.#byFingerprint.set(certificate.fingerprint256, certificate);
    const sameName = this.#bySubject.get(certificate.subjectKey) ?? [];
    this.#bySubject.set(certificate.subjectKey, [...sameName, certificate]);
  }

  named(subjectKey: string): readonly ParsedCertificate[] {
    return this.#bySubject.get(subjectKey) ?? [];
  }
}

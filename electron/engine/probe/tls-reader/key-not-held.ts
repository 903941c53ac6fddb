import { UnreachableError } from '../unreachable.ts';

/** The server presents a certificate but signs with another key: it, or an intermediary, does not own the certificate. */
export class KeyNotHeld extends UnreachableError {
  constructor() {
    super('handshake', 'The server does not hold the certificate’s key.');
    this.name = 'KeyNotHeld';
  }
}

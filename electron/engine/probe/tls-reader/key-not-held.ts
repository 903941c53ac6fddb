import { UnreachableError } from '../unreachable.ts';

/** The server shows a certificate, and signs with another key: it, or somebody between, shows what is not its own. */
export class KeyNotHeld extends UnreachableError {
  constructor() {
    super('handshake', 'The server does not hold the certificate’s key.');
    this.name = 'KeyNotHeld';
  }
}

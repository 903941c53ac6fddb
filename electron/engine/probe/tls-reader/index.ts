/**
 * The TLS reader's only door: everything outside this folder imports from here (held by test/architecture.test.ts). The folder's
 * README says what it speaks, and by which RFC.
 */
export { AlertError, alertOf, handshakeFailure, isSpokenInTls, noApplicationProtocol } from './alerts.ts';
export { KeyNotHeld } from './key-not-held.ts';
export { NotSpoken } from './not-spoken.ts';
export { isBrowserSuite, type Preference } from './parameters.ts';
export { readPresentation } from './read-presentation.ts';
export { WireError, WireReader } from './wire.ts';

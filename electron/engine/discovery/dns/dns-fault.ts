/** What a name server did that ends reading from it: the message goes on from its name, as “refuses the transfer”. */
export class DnsFault extends Error {
  override name = 'DnsFault';
}

/** A name server that closed a connection, or reset it. */
export class ConnectionClosed extends DnsFault {
  override name = 'ConnectionClosed';
}

/** The server speaks something that this reader does not: the full one is to be asked. */
export class NotSpoken extends Error {
  override name = 'NotSpoken';
}

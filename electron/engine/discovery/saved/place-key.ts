/** An address and a port. */
export interface FindPlace {
  address: string;
  port: number;
}

/** Names a place, as the key of a set. */
export const placeKey = ({ address, port }: FindPlace): string => `${address}|${port}`;

import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { Api } from './api.ts';

/** Creates a client over a port. The page in a browser never loads it. */
export function makePortClient(port: MessagePort): Api {
  port.start();
  return createORPCClient(new RPCLink({ port }));
}

import type { RPCHandler } from '@orpc/server/message-port';
import { app, ipcMain, type MessagePortMain } from 'electron';
import { connectChannel } from '../../../shared/ipc.ts';
import type { AccessControl, RouterContext } from '../../api/router/router.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Log } from '../../engine/log.ts';
import { isOurPage } from '../window/page-origin.ts';
import type { DesktopControl } from './router.ts';

type PageContext = RouterContext & { desktop: DesktopControl };

/**
 * Answers our page over the port that its preload script hands in; any other frame is not heard. What answers is loaded with the first
 * window: the tray does not wait for it. What the page asks before then waits in its port.
 */
export function serveRpcPorts(
  engine: Engine,
  access: AccessControl,
  desktop: DesktopControl,
  log: Log,
): void {
  let handler: Promise<RPCHandler<PageContext>> | undefined;
  const load = () => {
    handler ??= loadHandler(log).catch((error: unknown) => {
      handler = undefined; // The next window tries again.
      throw error;
    });
    return handler;
  };
  /** Held until they close: a port that is garbage-collected falls silent. */
  const ports = new Set<MessagePortMain>();
  const answer = async (port: MessagePortMain) => {
    (await load()).upgrade(port, { context: { engine, access, desktop } });
    port.start();
  };
  const failed = (error: unknown) => log.error('what answers the page cannot be loaded', error);
  app.once('web-contents-created', () => void load().catch(failed));
  ipcMain.on(connectChannel, (event) => {
    const [port] = event.ports;
    const frame = event.senderFrame;
    if (!port || !frame || frame.parent !== null || !isOurPage(frame.url)) return;
    ports.add(port);
    port.on('close', () => ports.delete(port));
    answer(port).catch((error: unknown) => {
      failed(error);
      port.close(); // The page shows a lost connection, and asks again.
    });
  });
}

async function loadHandler(log: Log): Promise<RPCHandler<PageContext>> {
  const [rpc, { pageRouter }, { logFaults }] = await Promise.all([
    import('@orpc/server/message-port'),
    import('./router.ts'),
    import('../../api/router/log-faults.ts'),
  ]);
  return new rpc.RPCHandler(pageRouter, {
    clientInterceptors: [({ next, path }) => logFaults(log, path, next)],
  });
}

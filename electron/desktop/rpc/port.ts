import { RPCHandler } from '@orpc/server/message-port';
import { ipcMain, type MessagePortMain } from 'electron';
import { connectChannel } from '../../../shared/ipc.ts';
import { logFaults } from '../../api/router/log-faults.ts';
import type { AccessControl } from '../../api/router/router.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Log } from '../../engine/log.ts';
import { isOurPage } from '../window/page-origin.ts';
import { type DesktopControl, pageRouter } from './router.ts';

/** Answers our page over the port that its preload script hands in; any other frame is not heard. */
export function serveRpcPorts(
  engine: Engine,
  access: AccessControl,
  desktop: DesktopControl,
  log: Log,
): void {
  const handler = new RPCHandler(pageRouter, {
    clientInterceptors: [({ next, path }) => logFaults(log, path, next)],
  });
  /** Held until they close: a port that is garbage-collected falls silent. */
  const ports = new Set<MessagePortMain>();
  ipcMain.on(connectChannel, (event) => {
    const [port] = event.ports;
    const frame = event.senderFrame;
    if (!port || !frame || frame.parent !== null || !isOurPage(frame.url)) return;
    ports.add(port);
    port.on('close', () => ports.delete(port));
    handler.upgrade(port, { context: { engine, access, desktop } });
    port.start();
  });
}

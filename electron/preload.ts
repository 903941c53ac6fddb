import { ipcRenderer } from 'electron';
import { connectChannel, portMessage, showPlaceChannel } from '../shared/ipc.ts';

// The page gets one end of a channel and nothing else of Electron; the other end goes to the main process.
window.addEventListener('DOMContentLoaded', () => {
  const { port1, port2 } = new MessageChannel();
  ipcRenderer.postMessage(connectChannel, null, [port1]);
  window.postMessage(portMessage, window.location.origin, [port2]);
});

ipcRenderer.on(showPlaceChannel, (_event, hash: unknown) => {
  if (typeof hash === 'string' && hash.startsWith('#/')) window.location.hash = hash;
});

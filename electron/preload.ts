import { ipcRenderer, webUtils } from 'electron';
import { connectChannel, droppedPathsMessage, portMessage, showPlaceChannel } from '../shared/ipc.ts';

// The page gets one end of a channel and nothing else of Electron; the other end goes to the main process.
window.addEventListener('DOMContentLoaded', () => {
  const { port1, port2 } = new MessageChannel();
  ipcRenderer.postMessage(connectChannel, null, [port1]);
  window.postMessage(portMessage, window.location.origin, [port2]);
});

ipcRenderer.on(showPlaceChannel, (_event, hash: unknown) => {
  if (typeof hash === 'string' && hash.startsWith('#/')) window.location.hash = hash;
});

// A page never learns where a file is; here a person drops it on the window, to have it watched. What is text is read by the page.
const certificateEndings = /\.(?:pem|crt|cer|der|p12|pfx|jks|p7b|p7c)$/i;
window.addEventListener('drop', ({ dataTransfer }) => {
  const files = [...(dataTransfer?.files ?? [])].filter(({ name }) => certificateEndings.test(name));
  const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
  if (paths.length > 0) window.postMessage({ [droppedPathsMessage]: paths }, window.location.origin);
});

// Runs before the preload script, in its own world: the page sees none of it. `standInSend` is a binding of that
// world; what comes in is given to `standInReceive`.
const ports = new Map();
const listeners = new Map();
let lastPort = 0;

const ipcRenderer = {
  on(channel, listener) {
    listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
  },
  postMessage(channel, message, transfer = []) {
    const ids = transfer.map((port) => {
      lastPort += 1;
      const id = lastPort;
      ports.set(id, port);
      port.onmessage = ({ data }) => {
        if (typeof data !== 'string') throw new Error('The stand-in relays text alone.');
        standInSend(JSON.stringify({ kind: 'port', id, data }));
      };
      return id;
    });
    standInSend(JSON.stringify({ kind: 'post', channel, message, ports: ids }));
  },
};

globalThis.standInReceive = ({ kind, ...message }) => {
  if (kind === 'port')
    ports
      .get(message.id)
      ?.postMessage('bytes' in message ? Uint8Array.fromBase64(message.bytes) : message.data);
  if (kind === 'send')
    for (const listener of listeners.get(message.channel) ?? []) listener({}, ...message.args);
};

// The preload script, which comes after this, requires `electron`.
// biome-ignore lint/correctness/noUnusedVariables: see above.
const require = (name) => {
  // A Chromium page never learns where a dropped file is: no path, as Electron has it for a file made by script.
  if (name === 'electron') return { ipcRenderer, webUtils: { getPathForFile: () => '' } };
  throw new Error(`A sandboxed preload script cannot require ${name}.`);
};

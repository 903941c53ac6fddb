// Runs a script of ours: `node build/run.js build/start.ts …`. Plain JavaScript for any Node from 20 on: the scripts are TypeScript that
// Node itself strips, which older ones cannot. `npm ci` brings a Node where the registry has one for the system (the optional package
// `node`); else the Node that runs this file has to be new enough.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [script = '', ...args] = process.argv.slice(2);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Whether a version strips types and has SQLite without a flag: 22.18 and newer of 22, 24 and newer. */
export function isEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 24 || (major === 22 && minor >= 18);
}

/** The Node that came with `npm ci`; null where there is none. */
function ownNode() {
  const folder = process.env.NOTAFTER_NODE_FOLDER ?? join(root, 'node_modules/node/bin');
  const path = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(path) ? path : null;
}

if (isEnough(process.versions.node)) {
  process.argv.splice(1, 2, resolve(script));
  await import(pathToFileURL(resolve(script)).href);
} else {
  const node = ownNode();
  if (node === null) {
    process.stderr.write(
      `NotAfter needs Node 22.18 or 24, and this is Node ${process.versions.node}: install Node 24 from https://nodejs.org and run this again.\n`,
    );
    process.exitCode = 1;
  } else {
    // In a separate process group, so that each signal reaches the script once, whether a terminal sends it to the group or a program
    // to this process alone. On Windows the console sends Ctrl+C to both, and a kill would end the script at once.
    const isWindows = process.platform === 'win32';
    const child = spawn(node, [resolve(script), ...args], { stdio: 'inherit', detached: !isWindows });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(signal, () => (isWindows ? undefined : child.kill(signal)));
    child.on('close', (code, signal) => {
      process.exitCode = code ?? 128 + constants.signals[signal];
    });
  }
}

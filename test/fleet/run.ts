import { spawnSync } from 'node:child_process';

/** Runs the fleet of docs/fleet.md, where Debian's packages for it are installed. */
const needed = {
  promtool: 'prometheus',
  prometheus: 'prometheus',
  'prometheus-alertmanager': 'prometheus-alertmanager',
};
const missing = Object.entries(needed).filter(([command]) => spawnSync('which', [command]).status !== 0);
if (missing.length > 0) {
  const packages = [...new Set(missing.map(([, name]) => name))].join(' ');
  process.stderr.write(`The fleet needs Debian's packages: apt-get install ${packages}\n`);
  process.exit(69);
}
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'fleet'], { stdio: 'inherit' });
process.exit(status ?? 1);

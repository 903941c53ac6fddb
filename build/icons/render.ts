import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

/** Renders the drawings to the pictures that the app carries: tray icons at 1x and 2x, the app's own at 512 px. */
const from = join(import.meta.dirname, 'svg');
const to = join(import.meta.dirname, 'png');
mkdirSync(to, { recursive: true });
for (const name of readdirSync(from)) {
  const svg = readFileSync(join(from, name), 'utf8');
  const stem = basename(name, '.svg');
  const sizes: [string, number][] =
    stem === 'app'
      ? [['', 512]]
      : [
          ['', 16],
          ['@2x', 32],
        ];
  for (const [suffix, width] of sizes) {
    const png = new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render().asPng();
    writeFileSync(join(to, `${stem}${suffix}.png`), png);
  }
}

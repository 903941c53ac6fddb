import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { IconIco } from '@shockpkg/icon-encoder';

/**
 * Renders the drawings to what each system wants. A tray drawing names its parts by classes; their colours come from here:
 * for a light panel, for a dark one, and all black for macOS, which colours a template image by itself.
 */
const folder = import.meta.dirname;
const drawings = join(folder, 'svg');
const target = join(folder, 'png');
const sheetFile = join(folder, '../../docs/images/tray-icons.png');

const colours = {
  light: { calm: '#454b55', warning: '#9a6200', critical: '#c8202f', unreachable: '#6b49b0' },
  dark: { calm: '#e6e8ec', warning: '#f2b84b', critical: '#ff6b76', unreachable: '#bda2f5' },
  Template: { calm: '#000', warning: '#000', critical: '#000', unreachable: '#000' },
} as const;
type Panel = keyof typeof colours;

/** Points of a picture at 1x, by system. Windows picks the size that it needs out of one file. */
const linuxSize = 22;
const macSize = 18;
const windowsSizes = [16, 20, 24, 32, 40, 48];

function render(svg: string, size: number): Buffer {
  return new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng();
}

/** A tray drawing in the colours of a panel. */
function paint(name: string, panel: Panel): string {
  const rules = Object.entries(colours[panel])
    .map(([part, colour]) => `.${part}.fill{fill:${colour}}.${part}.line{fill:none;stroke:${colour}}`)
    .join('');
  const svg = readFileSync(join(drawings, `tray-${name}.svg`), 'utf8');
  return svg.replace('>', `><style>${rules}</style>`);
}

async function renderTray(name: string): Promise<void> {
  for (const panel of ['light', 'dark'] as const) {
    const svg = paint(name, panel);
    writeFileSync(join(target, `tray-${name}-${panel}.png`), render(svg, linuxSize));
    writeFileSync(join(target, `tray-${name}-${panel}@2x.png`), render(svg, linuxSize * 2));
    const ico = new IconIco();
    // As bitmaps: the small sizes of an ICO are not read as PNG by every part of Windows.
    for (const size of windowsSizes) await ico.addFromPng(render(svg, size), false);
    writeFileSync(join(target, `tray-${name}-${panel}.ico`), ico.encode());
  }
  const template = paint(name, 'Template');
  writeFileSync(join(target, `tray-${name}-Template.png`), render(template, macSize));
  writeFileSync(join(target, `tray-${name}-Template@2x.png`), render(template, macSize * 2));
}

/** Every tray icon at every size on light and dark, each also four times as large, on one sheet to look at. */
function renderSheet(drawn: readonly string[]): Buffer {
  const sizes = [16, 22, 24, 32];
  const zoom = 3;
  const columns = [
    ...sizes.map((size) => ({ size, scale: 1 })),
    ...sizes.map((size) => ({ size, scale: zoom })),
  ];
  const columnWidths = columns.map(({ size, scale }) => size * scale + 14);
  const width = 90 + columnWidths.reduce((sum, one) => sum + one, 0) + 10;
  const rowHeight = 32 * zoom + 10;
  const rows = (['light', 'dark', 'Template'] as const).flatMap((panel) =>
    drawn.map((name) => ({ panel, name })),
  );
  const cells = rows.map(({ panel, name }, row) => {
    const svg = paint(name, panel);
    const background = panel === 'dark' ? '#2b2e33' : '#eceef1';
    let left = 90;
    const pictures = columns.map(({ size, scale }, index) => {
      const data = render(svg, size).toString('base64');
      const shown = size * scale;
      const picture = `<image x="${left}" y="${(rowHeight - shown) / 2}" width="${shown}" height="${shown}" image-rendering="optimizeSpeed" href="data:image/png;base64,${data}"/>`;
      left += columnWidths[index] ?? 0;
      return picture;
    });
    const ink = panel === 'dark' ? '#e6e8ec' : '#1c1f24';
    return `<g transform="translate(0 ${row * rowHeight})"><rect width="${width}" height="${rowHeight}" fill="${background}"/><text x="8" y="${rowHeight / 2}" font-size="12" font-family="sans-serif" fill="${ink}">${name}</text><text x="8" y="${rowHeight / 2 + 15}" font-size="10" font-family="sans-serif" fill="${ink}">${panel}</text>${pictures.join('')}</g>`;
  });
  const height = rows.length * rowHeight;
  return render(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${cells.join('')}</svg>`,
    width,
  );
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const names = readdirSync(drawings)
  .map((file) => basename(file, '.svg'))
  .flatMap((stem) => (stem.startsWith('tray-') ? stem.slice('tray-'.length) : []));
for (const name of names) await renderTray(name);
writeFileSync(join(target, 'app.png'), render(readFileSync(join(drawings, 'app.svg'), 'utf8'), 512));
writeFileSync(sheetFile, renderSheet(names));

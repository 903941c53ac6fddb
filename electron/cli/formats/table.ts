import { stripVTControlCharacters, styleText } from 'node:util';

const width = (text: string) => [...stripVTControlCharacters(text)].length;

/**
 * Rows under a header, each column as wide as its widest cell.
 */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  stream: NodeJS.WriteStream,
): string {
  const widths = header.map((name, column) =>
    Math.max(width(name), ...rows.map((row) => width(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell))))
      .join('  ')
      .trimEnd();
  const head = styleText('bold', line(header), { stream });
  return `${[head, ...rows.map(line)].join('\n')}\n`;
}

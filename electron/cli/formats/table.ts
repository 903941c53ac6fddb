import { styleText } from 'node:util';
import { forTerminal } from '../../../shared/text/foreign-text.ts';

/** A cell: text, and the style in which it is written. */
export type Cell = string | { text: string; style: Parameters<typeof styleText>[0] };

const textOf = (cell: Cell | undefined) => forTerminal(typeof cell === 'object' ? cell.text : (cell ?? ''));
const width = (text: string) => [...text].length;

/**
 * Rows under a header, each column as wide as its widest cell. What is invisible in a cell is escaped.
 */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  stream: NodeJS.WriteStream,
): string {
  const widths = header.map((name, column) =>
    rows.reduce((widest, row) => Math.max(widest, width(textOf(row[column]))), width(name)),
  );
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell, column) => {
        const text = textOf(cell);
        const painted = typeof cell === 'object' ? styleText(cell.style, text, { stream }) : text;
        return painted + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(text)));
      })
      .join('  ')
      .trimEnd();
  const head = styleText('bold', line(header), { stream });
  return `${[head, ...rows.map(line)].join('\n')}\n`;
}

import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { StatusMark } from '../../components/status-mark.tsx';
import type { AddressLine } from './address-lines.ts';
import classes from './line-list.module.css';

const rowHeight = 24;
/** What was not understood has its reason in two lines. */
const tallRowHeight = 44;
const tallest = 220;

/** Shows line by line how the addresses were understood. */
export function LineList({ lines }: { lines: readonly AddressLine[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'invalid' ? tallRowHeight : rowHeight),
    getItemKey: (index) => `${index} ${lines[index]?.kind}`,
    overscan: 10,
  });
  return (
    <div>
      <p className={classes['tally']} role="status">
        {tally(lines)}
      </p>
      <section
        ref={scroller}
        className={classes['list']}
        style={{ height: Math.min(tallest, virtual.getTotalSize() + 2) }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the list scrolls, so the keyboard must be able to reach it.
        tabIndex={0}
        aria-label="Addresses found"
      >
        <ul style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, size }) => {
            const line = lines[index];
            return (
              line && (
                <li
                  key={line.line}
                  data-kind={line.kind}
                  style={{ transform: `translateY(${start}px)`, height: size }}
                >
                  <span className={classes['number']}>{line.line}</span>
                  <StatusMark mark={marks[line.kind]} label="" />
                  <span className={classes['text']} title={words(line)}>
                    {words(line)}
                  </span>
                </li>
              )
            );
          })}
        </ul>
      </section>
    </div>
  );
}

const marks = { new: 'ok', duplicate: 'paused', repeat: 'paused', invalid: 'critical' } as const;

function words(line: AddressLine): string {
  switch (line.kind) {
    case 'new':
      return line.understood;
    case 'duplicate':
      return `${line.understood}: already in the list`;
    case 'repeat':
      return `${line.understood}: the same as line ${line.first}`;
    case 'invalid':
      return line.message.includes(line.text.slice(0, 60)) ? line.message : `${line.text}: ${line.message}`;
  }
}

function tally(lines: readonly AddressLine[]): string {
  const of = (kind: AddressLine['kind']) => lines.filter((line) => line.kind === kind).length;
  const fresh = of('new');
  const parts = [`${fresh.toLocaleString('en')} new`];
  if (of('duplicate') > 0) parts.push(`${of('duplicate').toLocaleString('en')} already in the list`);
  if (of('repeat') > 0) parts.push(`${of('repeat').toLocaleString('en')} repeated`);
  if (of('invalid') > 0) parts.push(`${of('invalid').toLocaleString('en')} not understood`);
  return parts.join(', ');
}

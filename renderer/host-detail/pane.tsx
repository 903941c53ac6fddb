import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { narrowWidth } from '../hosts/list/table-layout.ts';
import classes from './job-detail.module.css';

/** The page of a host: beside the list, or in its place where there is no room, and then the main part of the window. */
export function Pane({ label, children }: { label: string; children: ReactNode }) {
  const isAlone = useMediaQuery(`(max-width: ${narrowWidth}px)`, undefined, {
    getInitialValueInEffect: false,
  });
  const Part = isAlone ? 'main' : 'aside';
  return (
    <Part className={classes['pane']} aria-label={label}>
      {children}
    </Part>
  );
}

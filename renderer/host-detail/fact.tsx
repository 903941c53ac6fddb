import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import classes from './job-detail.module.css';

interface FactProps {
  name: string;
  /** Text that can be copied. */
  copy?: string | undefined;
  isMono?: boolean;
  children: ReactNode;
}

/** A line of a list of facts: name, value, and a button to copy it. */
export function Fact({ name, copy, isMono = false, children }: FactProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={isMono ? classes['mono'] : undefined}>
        <span>{children}</span>
        {copy !== undefined && <CopyButton value={copy} what={name} />}
      </dd>
    </>
  );
}

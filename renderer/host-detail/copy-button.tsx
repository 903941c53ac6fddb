import { CopyButton as Copy, UnstyledButton } from '@mantine/core';
import { CheckIcon, CopyIcon } from '../components/icons.tsx';
import { announce } from '../lib/announce.ts';
import classes from './job-detail.module.css';

/** Copies a value. @param what names it for the button: `SHA-256` */
export function CopyButton({ value, what }: { value: string; what: string }) {
  return (
    <Copy value={value}>
      {({ copied, copy }) => (
        <UnstyledButton
          className={classes['copy']}
          aria-label={`Copy ${what}`}
          title={`Copy ${what}`}
          onClick={() => {
            copy();
            announce(`${what} copied`);
          }}
        >
          {copied ? <CheckIcon /> : <CopyIcon />}
        </UnstyledButton>
      )}
    </Copy>
  );
}

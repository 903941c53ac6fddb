import type { ComponentProps } from 'react';
import classes from './button.module.css';

interface ButtonProps extends ComponentProps<'button'> {
  /** `filled`: the one action that a place is for. */
  variant?: 'filled' | 'default';
  /** The key that does the same, shown beside the words. */
  'data-key'?: string;
}

/**
 * A button that looks like Mantine's of size `xs` in this theme, for what is drawn with the first rows: they would wait for
 * Mantine's own with all that its styles need.
 */
export function Button({ variant = 'filled', className, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      className={className === undefined ? classes['button'] : `${classes['button']} ${className}`}
      data-variant={variant}
      {...props}
    />
  );
}

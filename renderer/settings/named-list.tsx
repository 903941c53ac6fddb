import { Button } from '@mantine/core';
import classes from './settings.module.css';

export interface NamedItem {
  name: string;
  /** What it is, in a few words. */
  words: string;
  onTry?: () => void;
  onEdit: () => void;
  onRemove: () => void;
}

/** What people have set up, by name, to be edited and removed. */
export function NamedList({ items }: { items: readonly NamedItem[] }) {
  if (items.length === 0) return null;
  return (
    <ul className={classes['named']}>
      {items.map(({ name, words, onTry, onEdit, onRemove }) => (
        <li key={name}>
          <span>
            <b>{name}</b> <span className="dim">{words}</span>
          </span>
          {onTry && (
            <Button variant="default" aria-label={`Try ${name}`} onClick={onTry}>
              Try
            </Button>
          )}
          <Button variant="default" aria-label={`Edit ${name}`} onClick={onEdit}>
            Edit
          </Button>
          <Button variant="default" aria-label={`Remove ${name}`} onClick={onRemove}>
            Remove
          </Button>
        </li>
      ))}
    </ul>
  );
}

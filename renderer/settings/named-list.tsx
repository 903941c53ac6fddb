import { Button } from '@mantine/core';
import classes from './settings.module.css';

export interface NamedItem {
  name: string;
  /** A short description. */
  words: string;
  onTry?: () => void;
  onEdit: () => void;
  onRemove: () => void;
}

/** Lists named items with buttons to test, edit and remove them. */
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
            <Button variant="default" aria-label={`Test ${name}`} onClick={onTry}>
              Test
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

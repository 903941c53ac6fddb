import { Button } from '@mantine/core';
import classes from './settings.module.css';

interface NamedItem {
  name: string;
  /** A short description. */
  words: string;
  onTry?: () => void;
  onEdit: () => void;
  onRemove: () => void;
}

interface NamedListProps {
  items: readonly NamedItem[];
  /** The verb on the button that tries an item. */
  tryLabel?: string;
}

/** Lists named items with buttons to try, edit and remove them. */
export function NamedList({ items, tryLabel = 'Test' }: NamedListProps) {
  if (items.length === 0) return null;
  return (
    <ul className={classes['named']}>
      {items.map(({ name, words, onTry, onEdit, onRemove }) => (
        <li key={name}>
          <span>
            <b>{name}</b> <span className="dim">{words}</span>
          </span>
          {onTry && (
            <Button variant="default" aria-label={`${tryLabel} ${name}`} onClick={onTry}>
              {tryLabel}
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

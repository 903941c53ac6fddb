import { hideMessage, notify } from '../lib/notify.ts';
import { offerUndo, withdrawUndo } from '../lib/undo.ts';
import { Button } from './button.tsx';
import classes from './undo-toast.module.css';

/** How long a step can be undone, in milliseconds. The style sheet has it too. */
export const undoMs = 10_000;

interface UndoToast {
  /** Unique for each step. */
  key: string;
  message: string;
  /** The name of the button for screen readers. */
  label: string;
  undo: () => void;
}

/** Says what was done, and offers to undo it by a button and by Ctrl+Z. */
export function showUndoToast({ key, message, label, undo }: UndoToast): void {
  const undoOnce = () => {
    hideUndoToast(key);
    undo();
  };
  offerUndo(key, undoOnce);
  notify({
    id: key,
    autoClose: undoMs,
    withCloseButton: false,
    onClose: () => withdrawUndo(key),
    message: (
      <div className={classes['toast']}>
        <span className={classes['message']}>{message}</span>
        <Button variant="default" onClick={undoOnce} style={{ flex: 'none' }} aria-label={label}>
          Undo
        </Button>
      </div>
    ),
  });
}

/** Ends the offer. */
export function hideUndoToast(key: string): void {
  withdrawUndo(key);
  hideMessage(key);
}

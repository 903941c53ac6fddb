import { Button, Modal, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useKeepPage } from '../lib/use-keep-page.ts';
import { useReturnFocus } from '../lib/use-return-focus.ts';
import classes from './form-dialog.module.css';

interface FormDialogProps {
  title: string;
  /** Whether something was typed that is not saved. Closing asks then. */
  isDirty: boolean;
  saveLabel: string;
  canSave?: boolean;
  isSaving?: boolean;
  /** Why it could not be saved; null: no failure. */
  failure?: string | null;
  /** Number of fields with an error. */
  errors?: number;
  /** Buttons at the left of the footer. */
  actions?: ReactNode;
  size?: 'md' | 'lg';
  onSave: () => void;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A dialog with fields. Escape, a click outside and Cancel close it at once while it is unchanged, and ask first when it is
 * not, so that typed text is never lost. The footer stays in view, and after a failed save the first invalid field has the
 * focus. Every dialog of the page that takes input is one of these.
 */
export function FormDialog(props: FormDialogProps) {
  const { title, isDirty, size = 'md', onSave, onClose, children } = props;
  const [isAsking, setAsking] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useKeepPage(isDirty);
  useReturnFocus();
  useEffect(() => {
    if (!isDirty) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', hold);
    return () => window.removeEventListener('beforeunload', hold);
  }, [isDirty]);
  const errors = props.errors ?? 0;
  useEffect(() => {
    if (errors === 0) return;
    const first = form.current?.querySelector<HTMLElement>('[aria-invalid=true]');
    first?.focus();
    first?.scrollIntoView({ block: 'center' });
  }, [errors]);
  const requestClose = () => {
    if (!isDirty) onClose();
    else setAsking(!isAsking);
  };
  return (
    <Modal
      opened
      onClose={requestClose}
      size={size}
      title={title}
      classNames={{ content: classes['content'] ?? '', body: classes['body'] ?? '' }}
    >
      <form
        ref={form}
        className={classes['form']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          // A dialog inside this one is its child in React, and not in the document.
          event.stopPropagation();
          onSave();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            event.currentTarget.requestSubmit();
          }
        }}
      >
        <div className={classes['fields']}>{children}</div>
        <Footer {...props} isAsking={isAsking} onKeep={() => setAsking(false)} onCancel={requestClose} />
      </form>
    </Modal>
  );
}

interface FooterProps extends FormDialogProps {
  isAsking: boolean;
  onKeep: () => void;
  onCancel: () => void;
}

function Footer({ isAsking, onKeep, onCancel, onClose, ...props }: FooterProps) {
  if (isAsking) {
    return (
      <div className={classes['footer']} role="alertdialog" aria-label="Discard your changes?">
        <Text size="sm" fw={600} mr="auto">
          Discard your changes?
        </Text>
        <Button variant="default" size="sm" autoFocus onClick={onKeep}>
          Keep editing
        </Button>
        <Button className={classes['discard'] ?? ''} size="sm" onClick={onClose}>
          Discard
        </Button>
      </div>
    );
  }
  const { errors = 0, failure, actions, saveLabel, canSave = true, isSaving = false } = props;
  const trouble = errors > 0 ? `${errors} ${errors === 1 ? 'field needs' : 'fields need'} a change` : failure;
  return (
    <div className={classes['footer']}>
      {actions}
      <p className={classes['trouble']} role="alert">
        {trouble}
      </p>
      <Button variant="default" size="sm" onClick={onCancel}>
        Cancel
      </Button>
      <Button type="submit" size="sm" loading={isSaving} disabled={!canSave}>
        {saveLabel}
      </Button>
    </div>
  );
}

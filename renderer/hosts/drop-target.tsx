import { notifications } from '@mantine/notifications';
import { useEffect, useEffectEvent, useState } from 'react';
import { droppedPathsMessage } from '../../shared/ipc.ts';
import { isDesktop } from '../lib/api.ts';
import { isCovered, isTyping } from '../lib/keys.ts';
import { navigate } from '../lib/use-route.ts';
import classes from './drop-target.module.css';
import { readDropped } from './dropped-text.ts';

interface DropTargetProps {
  /** Opens the form for new hosts with a text. */
  onAdd: (text: string) => void;
}

/**
 * Takes text and files that are dropped or pasted anywhere in the page, outside of fields and dialogs: the form for new
 * hosts opens with them. Only the desktop app learns where a certificate file is.
 */
export function DropTarget({ onAdd }: DropTargetProps) {
  const [isOver, setOver] = useState(false);
  const take = useEffectEvent(async (data: DataTransfer) => {
    const files = [...data.files];
    const text = data.getData('text/plain');
    const dropped =
      files.length > 0 ? await readDropped(files) : { kind: 'text' as const, text: text.trim() };
    if (dropped.kind === 'text' && dropped.text !== '') onAdd(dropped.text);
    else if (dropped.kind === 'list') {
      navigate('#/settings/data');
      notifications.show({
        message: `Import ${dropped.name} here: lists of other programs are read as a whole.`,
      });
    } else if (dropped.kind === 'certificate' && !isDesktop)
      notifications.show({
        message: `A browser does not tell where ${dropped.name} is. Add a certificate file by its path.`,
      });
  });
  const addPaths = useEffectEvent((paths: readonly string[]) => onAdd(paths.join('\n')));
  useEffect(() => {
    const isTaken = (event: DragEvent) => {
      const types = event.dataTransfer?.types ?? [];
      return (
        !isTyping(event.target) && !isCovered() && (types.includes('Files') || types.includes('text/plain'))
      );
    };
    const onDragOver = (event: DragEvent) => {
      if (!isTaken(event)) return;
      event.preventDefault(); // Else the browser would leave the page for the file.
      setOver(true);
    };
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!isTaken(event) || !event.dataTransfer) return;
      event.preventDefault();
      void take(event.dataTransfer);
    };
    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event.target) || isCovered() || !event.clipboardData) return;
      event.preventDefault();
      void take(event.clipboardData);
    };
    const onMessage = ({ source, data }: MessageEvent<unknown>) => {
      if (source !== window || typeof data !== 'object' || data === null) return;
      const paths: unknown = Reflect.get(data, droppedPathsMessage);
      if (Array.isArray(paths)) addPaths(paths.filter((path) => typeof path === 'string'));
    };
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('dragleave', onDragLeave);
    window.addEventListener('drop', onDrop);
    window.addEventListener('paste', onPaste);
    window.addEventListener('message', onMessage);
    return () => {
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('dragleave', onDragLeave);
      window.removeEventListener('drop', onDrop);
      window.removeEventListener('paste', onPaste);
      window.removeEventListener('message', onMessage);
    };
  }, []);
  return isOver && <div className={classes['over']}>Drop to add hosts</div>;
}

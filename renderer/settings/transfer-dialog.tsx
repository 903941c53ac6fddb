import type { TransferChange, TransferReport } from '../../shared/contract/transfer-report.ts';
import { count } from '../../shared/text/words.ts';
import { ImportDialog } from './import-dialog.tsx';

interface TransferDialogProps {
  /** Name of the file. */
  name: string;
  report: TransferReport;
  onClose: () => void;
  onTake: () => Promise<void>;
}

const outcomes: Readonly<Record<TransferChange['outcome'], string>> = {
  added: 'new',
  changed: 'changed',
  unchanged: 'unchanged',
  'left-out': 'left out',
};

/** Shows what an import of everything would do, and what it does not carry. */
export function TransferDialog({ name, report, onClose, onTake }: TransferDialogProps) {
  const { changes, jobs, missing } = report;
  const shown = changes.filter(({ outcome, message }) => outcome !== 'unchanged' || message !== null);
  const changed = changes.filter(({ outcome }) => outcome === 'added' || outcome === 'changed');
  const invalid = jobs.entries.filter(({ outcome }) => outcome === 'invalid');
  const canImport = changed.length > 0 || jobs.added + jobs.merged > 0;
  const words = `Adds ${count(jobs.added, 'host')} and changes ${count(changed.length, 'setting or source', 'settings and sources')} of this machine. Deletes nothing.`;
  return (
    <ImportDialog
      name={name}
      verdict={canImport ? words : 'This machine already has everything in this file.'}
      entries={[
        ...shown.map(({ what, name: part, outcome, message }) => ({
          outcome: outcomes[outcome],
          text: `${what} ${part}`,
          message,
        })),
        ...invalid.map(({ line, text, message }) => ({
          outcome: 'left out',
          text: `host ${line}: ${text}`,
          message: message ?? null,
        })),
        ...missing.map((sentence) => ({ outcome: null, text: sentence, message: null })),
      ]}
      canImport={canImport}
      action="Import everything"
      onClose={onClose}
      onTake={onTake}
    />
  );
}

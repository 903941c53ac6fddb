import { Button, FileButton, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { ImportReport } from '../../shared/contract/import-report.ts';
import type { TransferReport } from '../../shared/contract/transfer-report.ts';
import { type ExportFormat, exportFormatEntries } from '../../shared/domain/export-formats.ts';
import type { WholeExport } from '../../shared/schema/whole-export.ts';
import { decodeText } from '../../shared/text/decode-text.ts';
import { count } from '../../shared/text/words.ts';
import { useApi } from '../lib/api-context.tsx';
import { lazyComponent } from '../lib/lazy-component.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import { saveFile } from '../lib/save-file.ts';
import { ImportDialog } from './import-dialog.tsx';
import classes from './settings.module.css';

// Its code comes when there is something to show.
const TransferDialog = lazyComponent(async () => (await import('./transfer-dialog.tsx')).TransferDialog);

/** A file to import, and what the import would do. */
interface Preview {
  name: string;
  body: string;
  headers: { 'content-type'?: string };
  report: ImportReport;
}

/** An export of everything, and what its import would do. */
interface WholePreview {
  name: string;
  body: WholeExport;
  report: TransferReport;
}

/** Returns an export of everything; null: the text is something else. The engine validates it. */
function readEverything(text: string): WholeExport | null {
  if (!text.trimStart().startsWith('{') || !text.includes('notafter-export')) return null;
  try {
    const content: unknown = JSON.parse(text);
    const isOne = typeof content === 'object' && content !== null && 'format' in content;
    // SAFETY: the engine refuses what is not an export, with a sentence.
    return isOne && content.format === 'notafter-export' ? (content as WholeExport) : null;
  } catch {
    return null; // No JSON: the import of hosts says what is wrong with it.
  }
}

interface InOutSettingsProps {
  /** Called when an import has changed settings. */
  onImported: () => void;
}

/** Imports hosts from other tools or everything from another machine, and exports both. */
export function InOutSettings({ onImported }: InOutSettingsProps) {
  const api = useApi();
  const [preview, setPreview] = useState<Preview | null>(null);
  const [whole, setWhole] = useState<WholePreview | null>(null);
  const look = async (file: File) => {
    const { text: body, encoding } = decodeText(new Uint8Array(await file.arrayBuffer()));
    const everything = readEverything(body);
    if (everything) {
      const plan = await api.transfer.import({ body: everything, query: { dryRun: true } });
      setWhole({ name: file.name, body: everything, report: plan });
      return;
    }
    const headers = file.name.endsWith('.csv') ? { 'content-type': 'text/csv' } : {};
    const report = await api.jobs.import({ body, headers, query: { dryRun: true } });
    const name = encoding === 'Windows-1252' ? `${file.name} (read as Windows-1252)` : file.name;
    setPreview({ name, body, headers, report });
  };
  const take = async ({ body, headers }: Preview) => {
    const { added, merged } = await api.jobs.import({ body, headers });
    notifications.show({
      message: `${count(added, 'host')} added${merged > 0 ? `, ${merged} got more tags` : ''}`,
    });
    setPreview(null);
  };
  const takeWhole = async ({ body }: WholePreview) => {
    const { jobs, changes } = await api.transfer.import({ body });
    const changed = changes.filter(({ outcome }) => outcome === 'added' || outcome === 'changed').length;
    notifications.show({
      message: `${count(jobs.added, 'host')} added, ${count(changed, 'setting or source', 'settings and sources')} changed`,
    });
    setWhole(null);
    onImported();
  };
  const writeWhole = async () => {
    const text = JSON.stringify(await api.transfer.export(), null, 2);
    saveFile([text], 'application/json', 'notafter-export.json');
  };
  const write = async (format: ExportFormat, fileName: string) => {
    const file = await api.jobs.export[format]({});
    saveFile([file], file.type, fileName);
  };
  return (
    <section className={classes['part']} id="settings-data" aria-labelledby="settings-data-title">
      <h3 id="settings-data-title">Import and export</h3>
      <Text size="sm" className="dim" mb="xs">
        Reads hosts (one per line), CSV, NotAfter JSON, Uptime Kuma backups, Prometheus targets, Gatus
        configurations and Nagios command lines, or everything that another NotAfter has exported. You see a
        preview first.
      </Text>
      <Group gap="xs">
        <FileButton
          onChange={(file) => file && void reportFailure(look(file), `Could not read ${file.name}`)}
        >
          {(props) => (
            <Button {...props} variant="default">
              Import file…
            </Button>
          )}
        </FileButton>
        <Button
          variant="default"
          onClick={() => void reportFailure(writeWhole(), 'Could not export')}
          title="Settings, rules, channels, sources and hosts, without secrets: to move to another machine"
        >
          Export everything
        </Button>
        {exportFormatEntries.map(([format, { label, fileName }]) => (
          <Button
            key={format}
            variant="default"
            onClick={() => void reportFailure(write(format, fileName), 'Could not export')}
          >
            {label}
          </Button>
        ))}
      </Group>
      {whole && (
        <TransferDialog
          name={whole.name}
          report={whole.report}
          onClose={() => setWhole(null)}
          onTake={() => takeWhole(whole)}
        />
      )}
      {preview && (
        <ImportDialog
          name={preview.name}
          verdict={verdict(preview.report)}
          entries={preview.report.entries.map(({ text, outcome, message }) => ({
            outcome: words[outcome],
            text,
            message: message ?? null,
          }))}
          canImport={preview.report.added + preview.report.merged > 0}
          action="Import"
          onClose={() => setPreview(null)}
          onTake={() => take(preview)}
        />
      )}
    </section>
  );
}

const words = {
  added: 'new',
  merged: 'tags',
  duplicate: 'already watched',
  invalid: 'not understood',
} as const;

function verdict({ added, merged, duplicates, invalid }: ImportReport): string {
  const parts = [
    `${added} new`,
    ...(merged > 0 ? [`${merged} get more tags`] : []),
    ...(duplicates > 0 ? [`${duplicates} already watched`] : []),
    ...(invalid > 0 ? [`${invalid} not understood`] : []),
  ];
  return parts.join(', ');
}

import { Button, FileButton, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { ImportReport } from '../../shared/contract/import-report.ts';
import { type ExportFormat, exportFormatEntries } from '../../shared/domain/export-formats.ts';
import { count } from '../../shared/text/words.ts';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import { saveFile } from '../lib/save-file.ts';
import classes from './settings.module.css';

/** A file to import, and what would become of it. */
interface Preview {
  name: string;
  body: string;
  headers: { 'content-type'?: string };
  report: ImportReport;
}

/** Brings hosts in from other tools, and takes everything out. */
export function InOutSettings() {
  const api = useApi();
  const [preview, setPreview] = useState<Preview | null>(null);
  const look = async (file: File) => {
    const body = await file.text();
    const headers = file.name.endsWith('.csv') ? { 'content-type': 'text/csv' } : {};
    const report = await api.jobs.import({ body, headers, query: { dryRun: true } });
    setPreview({ name: file.name, body, headers, report });
  };
  const take = async ({ body, headers }: Preview) => {
    const { added, merged } = await api.jobs.import({ body, headers });
    notifications.show({ message: `${count(added, 'job')} added, ${merged} got more tags.` });
    setPreview(null);
  };
  const write = async (format: ExportFormat, fileName: string) => {
    const file = await api.jobs.export[format]({});
    saveFile([file], file.type, fileName);
  };
  return (
    <section className={classes['part']} aria-labelledby="settings-in-out">
      <h3 id="settings-in-out">Import and export</h3>
      <Text size="sm" className="dim" mb="xs">
        Reads hosts (one a line), CSV, NotAfter’s own JSON, Uptime Kuma’s backup, Prometheus targets and
        check_ssl_cert command lines. You see what would happen first.
      </Text>
      <Group gap="xs">
        <FileButton
          onChange={(file) => file && void reportFailure(look(file), `${file.name} could not be read`)}
        >
          {(props) => (
            <Button {...props} variant="default">
              Import a file…
            </Button>
          )}
        </FileButton>
        {exportFormatEntries.map(([format, { label, fileName }]) => (
          <Button
            key={format}
            variant="default"
            onClick={() => void reportFailure(write(format, fileName), 'Nothing was exported')}
          >
            {label}
          </Button>
        ))}
      </Group>
      {preview && (
        <Modal opened onClose={() => setPreview(null)} size="lg" title={`Import ${preview.name}`}>
          <Stack gap="sm">
            <Text size="sm">{verdict(preview.report)}</Text>
            <ul className={classes['entries']}>
              {preview.report.entries.slice(0, maxShown).map(({ line, text, outcome, message }) => (
                <li key={`${line} ${text}`}>
                  <b>{words[outcome]}</b> {text} <span className="dim">{message}</span>
                </li>
              ))}
            </ul>
            {preview.report.entries.length > maxShown && (
              <Text size="sm" className="dim">
                and {preview.report.entries.length - maxShown} more
              </Text>
            )}
            <Group justify="flex-end" mt="xs">
              <Button variant="default" size="sm" onClick={() => setPreview(null)}>
                Cancel
              </Button>
              <Button
                size="sm"
                data-autofocus
                disabled={preview.report.added + preview.report.merged === 0}
                onClick={() => void reportFailure(take(preview), 'Nothing was imported')}
              >
                Import
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </section>
  );
}

const maxShown = 200;

const words = { added: 'new', merged: 'tags', duplicate: 'known', invalid: 'left out' } as const;

function verdict({ added, merged, duplicates, invalid }: ImportReport): string {
  const parts = [
    `${count(added, 'job')} would be added`,
    ...(merged > 0 ? [`${count(merged, 'job')} would get more tags`] : []),
    ...(duplicates > 0 ? [`${duplicates} ${duplicates === 1 ? 'is' : 'are'} there already`] : []),
    ...(invalid > 0 ? [`${invalid} cannot be read`] : []),
  ];
  return `${parts.join(', ')}.`;
}

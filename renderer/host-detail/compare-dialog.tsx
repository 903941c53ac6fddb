import { Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Certificate } from '../../shared/schema/certificate.ts';
import type { Sighting } from '../../shared/schema/sighting.ts';
import { ReadOutcome } from '../components/read-outcome.tsx';
import { useApi, useReconnections } from '../lib/api-context.tsx';
import { exactDate } from '../lib/dates.ts';
import { sentenceOf } from '../lib/report-failure.ts';
import { useReturnFocus } from '../lib/use-return-focus.ts';
import { compareCertificates, type FieldPair, ownLines } from './certificate-differences.ts';
import classes from './compare-dialog.module.css';

interface CompareDialogProps {
  jobId: string;
  before: Sighting;
  now: Sighting;
  onClose: () => void;
}

/** Compares a certificate of a host with the one before it, field by field: what changed first, then what stayed. */
export function CompareDialog({ jobId, before, now, onClose }: CompareDialogProps) {
  useReturnFocus();
  const api = useApi();
  const [both, setBoth] = useState<{ before: Certificate; now: Certificate } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [first, second] = [before.fingerprint256, now.fingerprint256];
  const round = useReconnections();
  useEffect(() => {
    void round; // A change of it triggers the next read.
    const read = (fingerprint256: string) => api.jobs.certificate({ id: jobId, fingerprint256 });
    Promise.all([read(first), read(second)]).then(
      ([earlier, later]) => {
        setBoth({ before: earlier, now: later });
        setFailure(null);
      },
      (error: unknown) => setFailure(sentenceOf(error)),
    );
  }, [api, jobId, first, second, round]);
  const compared = both && compareCertificates(both.before, both.now);
  return (
    <Modal opened onClose={onClose} title="Compare certificates" size="xl">
      <ReadOutcome isRead={compared !== null} failure={failure} what="Loading certificates" />
      {compared && (
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">In use since {exactDate(before.firstSeenAt)}</th>
              <th scope="col">In use since {exactDate(now.firstSeenAt)}</th>
            </tr>
          </thead>
          <tbody>
            {compared.changed.map((pair) => (
              <ChangedRow key={pair.name} {...pair} />
            ))}
          </tbody>
          <tbody className={classes['same']}>
            {compared.same.map((pair) => (
              <tr key={pair.name}>
                <th scope="row">{pair.name}</th>
                <td colSpan={2}>
                  {pair.now || 'None'} <small>(the same)</small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Modal>
  );
}

/** A field that changed. Of names, those that came or went are marked. */
function ChangedRow({ name, before, now }: FieldPair) {
  const isList = name === 'Names';
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        {isList ? <Lines text={before} own={ownLines(before, now)} mark="removed" /> : before || 'None'}
      </td>
      <td>{isList ? <Lines text={now} own={ownLines(now, before)} mark="added" /> : now || 'None'}</td>
    </tr>
  );
}

function Lines({ text, own, mark }: { text: string; own: readonly string[]; mark: 'added' | 'removed' }) {
  if (text === '') return 'None';
  return text.split('\n').map((line) => (
    <div key={line}>
      {own.includes(line) ? (
        <b>
          {line} <small>({mark})</small>
        </b>
      ) : (
        line
      )}
    </div>
  ));
}

import { ActionIcon, Button, CloseButton, Kbd, Menu } from '@mantine/core';
import type { RefObject } from 'react';
import { jobName } from '../../shared/domain/job-name.ts';
import { pauseLengths, pauseWords } from '../../shared/domain/pause.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { formatTarget, isFileTarget } from '../../shared/schema/target.ts';
import { relative } from '../../shared/text/words.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { Time } from '../components/time.tsx';
import { markOf } from '../hosts/list/filters.ts';
import type { HostActions } from '../hosts/use-host-actions.ts';
import { useApi } from '../lib/api-context.tsx';
import { shortTime } from '../lib/dates.ts';
import { saveChain } from './export-chain.ts';
import classes from './job-detail.module.css';

interface HostHeaderProps {
  job: JobView;
  now: number;
  actions: HostActions;
  onClose: () => void;
  title: RefObject<HTMLHeadingElement | null>;
}

/** Names the host, says when it was checked, and has its actions. */
export function HostHeader({ job, now, actions, onClose, title }: HostHeaderProps) {
  const { lastCheck } = job;
  return (
    <header className={classes['header']}>
      <button type="button" className={classes['back']} onClick={onClose}>
        ← All hosts
      </button>
      <div className={classes['title']}>
        <StatusMark mark={markOf(job)} size={18} />
        <h2 ref={title} tabIndex={-1}>
          {jobName(job)}
        </h2>
        <MoreActions job={job} actions={actions} />
        <CloseButton aria-label="Close" title="Close (Esc)" onClick={onClose} className={classes['close']} />
      </div>
      <p className="dim">
        {job.name && `${formatTarget(job.target)} · `}
        {howRead(job)}
        {job.paused && ` · ${pausedWords(job)}`}
        {lastCheck && (
          <>
            {' · checked '}
            <Time at={lastCheck.checkedAt}>
              {relative(Date.parse(lastCheck.checkedAt), Math.max(now, Date.parse(lastCheck.checkedAt) + 1))}
            </Time>
          </>
        )}
      </p>
      <Actions job={job} actions={actions} />
    </header>
  );
}

function howRead({ target }: JobView): string {
  if (isFileTarget(target)) return 'Certificate file';
  return target.starttls ? `${target.starttls.toUpperCase()} with STARTTLS` : 'TLS';
}

function pausedWords({ pausedUntil }: JobView): string {
  return pausedUntil ? `paused until ${shortTime(pausedUntil)}` : 'paused';
}

type ActionsProps = Pick<HostHeaderProps, 'job' | 'actions'>;

function Actions({ job, actions }: ActionsProps) {
  return (
    <div className={classes['actions']}>
      <Button
        variant="default"
        loading={job.checking}
        title="Check now (C)"
        data-key="C"
        onClick={() => actions.check([job])}
      >
        Check now
      </Button>
      <Button variant="default" title="Edit (E)" data-key="E" onClick={() => actions.edit(job)}>
        Edit
      </Button>
      <Button variant="default" title="Tags (T)" data-key="T" onClick={() => actions.tags([job])}>
        Tags
      </Button>
      <Button
        variant="default"
        title={`${job.paused ? 'Resume' : 'Pause'} (P)`}
        data-key="P"
        onClick={() => actions.togglePause([job])}
      >
        {job.paused ? 'Resume' : 'Pause'}
      </Button>
    </div>
  );
}

function MoreActions({ job, actions }: ActionsProps) {
  const api = useApi();
  const address = addressOf(job);
  const hasCertificate = job.lastCheck?.validTo != null;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" c="var(--ink)" size={28} aria-label="More actions">
          ⋯
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {job.paused ? (
          <Menu.Item onClick={() => actions.resume([job])}>Resume</Menu.Item>
        ) : (
          pauseLengths.map((length) => (
            <Menu.Item key={length} onClick={() => actions.pause([job], length)}>
              Pause {pauseWords[length]}
            </Menu.Item>
          ))
        )}
        <Menu.Divider />
        {address && (
          <Menu.Item component="a" href={address} target="_blank" rel="noopener noreferrer">
            Open in browser
          </Menu.Item>
        )}
        <Menu.Item
          disabled={!hasCertificate}
          rightSection={<Kbd>Y</Kbd>}
          onClick={() => actions.copyPem(job)}
        >
          Copy PEM
        </Menu.Item>
        <Menu.Item disabled={!hasCertificate} onClick={() => void saveChain(api, job)}>
          Save chain as PEM
        </Menu.Item>
        <Menu.Item onClick={() => window.print()}>Print…</Menu.Item>
        <Menu.Divider />
        <Menu.Item c="var(--critical)" rightSection={<Kbd>Del</Kbd>} onClick={() => actions.remove([job])}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Returns the address for a browser; null for STARTTLS and files. */
function addressOf({ target }: JobView): string | null {
  if (isFileTarget(target) || target.starttls) return null;
  return `https://${formatTarget(target)}/`;
}

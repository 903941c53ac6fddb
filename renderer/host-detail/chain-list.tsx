import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { shortName } from '../../shared/domain/distinguished-name.ts';
import { isCounted } from '../../shared/domain/severity.ts';
import type { Certificate } from '../../shared/schema/certificate.ts';
import type { CheckResult, Problem } from '../../shared/schema/check-result.ts';
import { longExpiryWords } from '../../shared/text/words.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { liveString, Time } from '../components/time.tsx';
import { exactTime } from '../lib/dates.ts';
import { keyWords } from './certificate-words.ts';
import classes from './chain-list.module.css';
import { Fact } from './fact.tsx';
import { NameFacts, NumberFacts } from './identity-facts.tsx';
import facts from './job-detail.module.css';

interface ChainListProps {
  result: CheckResult;
  now: number;
}

/** Shows the certificates that the server sent, leaf first, then what completes the path; marks a weak or missing one. */
export function ChainList({ result: { chain, problems, trust }, now }: ChainListProps) {
  const leaf = chain[0];
  const isIncomplete = problems.some(({ code }) => code === 'incomplete-chain');
  const sent = new Set(chain.map(({ fingerprint256 }) => fingerprint256));
  const others = trust?.path.filter(({ fingerprint256 }) => !sent.has(fingerprint256)) ?? [];
  const rootPrint = trust?.path.at(-1)?.fingerprint256;
  return (
    <section>
      <h3>Chain</h3>
      <ol className={classes['chain']}>
        {chain.map((certificate, index) => (
          <Card
            // A server may send the same certificate twice, so the place is part of the key.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above.
            key={`${index} ${certificate.fingerprint256}`}
            certificate={certificate}
            role={roleWords(certificate, index, rootPrint)}
            link={linkMark(certificate, leaf, problems, now)}
            now={now}
          />
        ))}
        {others.map(({ subject, validTo, fingerprint256 }) => (
          <li key={fingerprint256} className={classes['card']}>
            <div className={classes['head']}>
              <StatusMark mark={Date.parse(validTo) < now ? 'critical' : 'ok'} />
              <span className={classes['name']}>
                {shortName(subject)}
                <small>
                  {fingerprint256 === rootPrint ? 'Root' : 'Intermediate'}, not sent by the server, found in a
                  trust store
                </small>
              </span>
              <Time at={validTo}>{longExpiryWords(validTo, now)}</Time>
            </div>
          </li>
        ))}
        {isIncomplete && (
          <li className={classes['card']} data-level="critical">
            <div className={classes['head']}>
              <StatusMark mark="critical" label="Missing" />
              <span className={classes['name']}>
                {shortName(chain.at(-1)?.issuer ?? '') || 'The issuer'}
                <small>Missing: the server does not send it</small>
              </span>
            </div>
          </li>
        )}
      </ol>
    </section>
  );
}

interface CardProps {
  certificate: Certificate;
  role: string;
  link: Link;
  now: number;
}

/** One certificate of the chain; opens to show it in full. */
function Card({ certificate, role, link, now }: CardProps) {
  const [isOpen, setOpen] = useState(false);
  const { subject, sans, serialNumber, validFrom, validTo, key } = certificate;
  return (
    <li className={classes['card']} data-level={link.mark}>
      <UnstyledButton className={classes['head']} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <StatusMark {...link} />
        <span className={classes['name']}>
          {shortName(subject) || sans[0] || serialNumber}
          <small>
            {role}, {keyWords(key)}
          </small>
        </span>
        <Time at={validTo}>{longExpiryWords(validTo, now)}</Time>
        <span className={classes['arrow']} aria-hidden="true" />
      </UnstyledButton>
      {isOpen && (
        <dl className={facts['facts']}>
          <NameFacts certificate={certificate} />
          <Fact name="Valid">
            {exactTime(validFrom)} to {exactTime(validTo)}
          </Fact>
          <NumberFacts certificate={certificate} />
        </dl>
      )}
    </li>
  );
}

function roleWords({ fingerprint256, selfSigned }: Certificate, index: number, root?: string): string {
  if (index === 0) return 'Certificate';
  return fingerprint256 === root || selfSigned ? 'Root, sent by the server' : 'Intermediate';
}

type Link = { mark: 'ok' | 'warning' | 'critical'; label: string };

function linkMark(
  certificate: Certificate,
  leaf: Certificate | undefined,
  problems: readonly Problem[],
  now: number,
): Link {
  if (Date.parse(certificate.validTo) < now) return { mark: 'critical', label: 'Expired' };
  const isLeaf = certificate === leaf;
  const worst = problems
    .filter(isCounted)
    .find(({ code }) => code !== 'incomplete-chain' && code !== 'intermediate-expiring');
  if (isLeaf && worst) return { mark: worst.severity, label: liveString(worst.message, now) };
  if (!isLeaf && leaf && Date.parse(certificate.validTo) < Date.parse(leaf.validTo))
    return { mark: 'warning', label: 'Expires before the leaf' };
  return { mark: 'ok', label: 'Valid' };
}

import { shortName } from '../../shared/domain/distinguished-name.ts';
import { isCounted } from '../../shared/domain/severity.ts';
import type { Certificate } from '../../shared/schema/certificate.ts';
import type { Problem } from '../../shared/schema/check-result.ts';
import { duration } from '../../shared/text/words.ts';
import { StatusMark } from '../components/status-mark.tsx';
import { liveString, Time } from '../components/time.tsx';
import classes from './chain-list.module.css';

interface ChainListProps {
  chain: readonly Certificate[];
  problems: readonly Problem[];
  now: number;
}

/** Shows the certificates that the server sent, leaf first, and marks a weak or missing one. */
export function ChainList({ chain, problems, now }: ChainListProps) {
  const leaf = chain[0];
  const isIncomplete = problems.some(({ code }) => code === 'incomplete-chain');
  return (
    <section>
      <h3>Chain sent by server</h3>
      <ol className={classes['chain']}>
        {chain.map((certificate, index) => {
          const left = Date.parse(certificate.validTo) - now;
          return (
            // A server may send the same certificate twice, so the place is part of the key.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above.
            <li key={`${index} ${certificate.fingerprint256}`}>
              <StatusMark {...linkMark(certificate, leaf, problems, now)} />
              <span title={certificate.subject}>
                {shortName(certificate.subject) || certificate.sans[0] || certificate.serialNumber}
              </span>
              <small>
                <Time at={certificate.validTo}>{left < 0 ? 'expired' : duration(left)}</Time>
              </small>
            </li>
          );
        })}
        {isIncomplete && (
          <li>
            <StatusMark mark="warning" label="Missing" />
            <span>{issuerOfLast(chain)}</span>
            <small>not sent</small>
          </li>
        )}
      </ol>
    </section>
  );
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

function issuerOfLast(chain: readonly Certificate[]): string {
  return shortName(chain.at(-1)?.issuer ?? '') || 'The issuer';
}

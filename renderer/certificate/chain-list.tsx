import { type Certificate, shortName } from '../../shared/check-result.ts';
import { duration } from '../../shared/words.ts';
import { exactTime } from '../components/dates.ts';
import { StatusMark } from '../components/status-mark.tsx';
import classes from './chain-list.module.css';

/** The certificates as the server sent them, the leaf first. */
export function ChainList({ chain, now }: { chain: readonly Certificate[]; now: number }) {
  return (
    <section>
      <h3>Chain as sent</h3>
      <ol className={classes['chain']}>
        {chain.map((certificate, index) => {
          const left = Date.parse(certificate.validTo) - now;
          return (
            // A server may send the same certificate twice, so the place is part of the key.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above.
            <li key={`${index} ${certificate.fingerprint256}`}>
              <StatusMark mark={left < 0 ? 'critical' : 'ok'} label={left < 0 ? 'Expired' : 'Valid'} />
              <span title={certificate.subject}>
                {shortName(certificate.subject) || certificate.sans[0] || certificate.serialNumber}
              </span>
              <small title={exactTime(certificate.validTo)}>{left < 0 ? 'expired' : duration(left)}</small>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

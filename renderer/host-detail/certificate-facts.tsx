import type { CheckResult } from '../../shared/schema/check-result.ts';
import { revocationWords, sctWords, storeWords } from '../../shared/text/trust-words.ts';
import { utcTime } from '../../shared/text/words.ts';
import { Time } from '../components/time.tsx';
import { exactTime } from '../lib/dates.ts';
import { keyWords, usageWords } from './certificate-words.ts';
import { ExtensionRows } from './extension-rows.tsx';
import { Fact } from './fact.tsx';
import { NameFacts, NumberFacts } from './identity-facts.tsx';
import classes from './job-detail.module.css';
import { NamesList } from './names-list.tsx';

/** Shows the certificate in full. */
export function CertificateSection({ result }: { result: CheckResult }) {
  const { certificate, trust, revocation, transparency } = result;
  if (!certificate) return null;
  const { sans, key, signatureAlgorithm, extendedKeyUsage } = certificate;
  const { fingerprint256, validFrom, validTo } = certificate;
  return (
    <section>
      <h3>Certificate</h3>
      <dl className={classes['facts']}>
        <NameFacts certificate={certificate} />
        <Fact name="Names" copy={sans.length === 0 ? undefined : sans.join('\n')}>
          <NamesList key={fingerprint256} names={sans} />
        </Fact>
        <Fact name="Valid from">
          <LocalAndUtc at={validFrom} />
        </Fact>
        <Fact name="Valid to">
          <LocalAndUtc at={validTo} />
        </Fact>
        <Fact name="Key">{keyWords(key)}</Fact>
        <Fact name="Signature">{signatureAlgorithm}</Fact>
        <NumberFacts certificate={certificate} />
        {extendedKeyUsage && <Fact name="Usage">{usageWords(extendedKeyUsage)}</Fact>}
        <ExtensionRows certificate={certificate} />
        {trust && (
          <Fact name="Trusted by">
            {storeWords(trust)}
            <br />
            <span className="dim">Root: {trust.root}</span>
          </Fact>
        )}
        {revocation && <Fact name="Revocation">{revocationWords(revocation)}</Fact>}
        {transparency && (
          <Fact name="SCTs">
            <span
              title={transparency.scts
                .map(({ logId, timestamp, source }) => `${utcTime(timestamp)}, log ${logId} (${source})`)
                .join('\n')}
            >
              {sctWords(transparency)}
            </span>
          </Fact>
        )}
      </dl>
    </section>
  );
}

function LocalAndUtc({ at }: { at: string }) {
  return (
    <>
      <Time at={at}>{exactTime(at)}</Time>
      <br />
      <span className="dim">{utcTime(at)}</span>
    </>
  );
}

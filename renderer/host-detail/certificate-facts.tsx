import { CopyButton } from '@mantine/core';
import { shortName } from '../../shared/domain/distinguished-name.ts';
import type { CheckResult } from '../../shared/schema/check-result.ts';
import { revocationWords, sctWords, storeWords } from '../../shared/text/trust-words.ts';
import { exactDate } from '../lib/dates.ts';
import classes from './job-detail.module.css';
import { NamesList } from './names-list.tsx';

/** Shows the certificate and the connection. */
export function CertificateFacts({ result }: { result: CheckResult }) {
  const { certificate, protocol, cipher, address, addresses, certificates, timings } = result;
  if (!certificate) return null;
  const { sans, issuer, key, signatureAlgorithm, extendedKeyUsage, serialNumber, fingerprint256 } =
    certificate;
  const organisation = /(?:^|, )O=((?:\\.|[^,\\])*)/.exec(issuer)?.[1];
  return (
    <dl className={classes['facts']}>
      <dt>Names</dt>
      <dd className={classes['wrap']}>
        <NamesList key={fingerprint256} names={sans} />
      </dd>
      <dt>Issuer</dt>
      <dd title={issuer}>
        {[shortName(issuer), organisation]
          .filter((part, index, all) => part && all.indexOf(part) === index)
          .join(', ')}
      </dd>
      <dt>Key</dt>
      <dd>{keyWords(key)}</dd>
      <dt>Signature</dt>
      <dd title={signatureAlgorithm}>{signatureAlgorithm}</dd>
      {extendedKeyUsage && (
        <>
          <dt>Usage</dt>
          <dd title={extendedKeyUsage.join('\n')}>
            {extendedKeyUsage.map((usage) => usageWords[usage] ?? usage).join(', ')}
          </dd>
        </>
      )}
      <TrustFacts result={result} />
      <dt>Protocol</dt>
      <dd title={cipher ?? ''}>{[protocol?.replace('TLSv', 'TLS '), cipher].filter(Boolean).join(', ')}</dd>
      <dt>Address</dt>
      <dd title={addresses?.map((one) => `${one.address}: ${one.status}`).join('\n')}>
        {address}
        {addresses && ` (the worst of ${addresses.length})`}
      </dd>
      {certificates && (
        <>
          <dt>Certificates</dt>
          <dd>
            {certificates
              .map(
                ({ keyType, validTo }) =>
                  `${keyType === 'ec' ? 'ECDSA' : keyType.toUpperCase()} until ${exactDate(validTo)}`,
              )
              .join(', ')}
          </dd>
        </>
      )}
      <dt>Response time</dt>
      <dd title={timeParts(timings)}>{milliseconds(timings.total)}</dd>
      <dt>Serial</dt>
      <dd title={serialNumber} className={classes['mono']}>
        {serialNumber}
      </dd>
      <dt>SHA-256</dt>
      <dd className={classes['mono']}>
        <CopyButton value={fingerprint256}>
          {({ copied, copy }) => (
            <button
              type="button"
              className={classes['copy']}
              onClick={copy}
              title={`${fingerprint256}\nClick to copy`}
            >
              {copied ? 'copied' : fingerprint256.toLowerCase()}
            </button>
          )}
        </CopyButton>
      </dd>
    </dl>
  );
}

/** Shows which stores trust it, its revocation and its SCTs, as far as they are known. */
function TrustFacts({ result: { trust, revocation, transparency } }: { result: CheckResult }) {
  const logs = transparency?.scts.map(
    ({ logId, timestamp, source }) => `${timestamp}, log ${logId} (${source})`,
  );
  return (
    <>
      {trust && (
        <>
          <dt>Trusted by</dt>
          <dd title={trust.root}>{storeWords(trust)}</dd>
        </>
      )}
      {revocation && (
        <>
          <dt>Revocation</dt>
          <dd className={classes['wrap']}>{revocationWords(revocation)}</dd>
        </>
      )}
      {transparency && (
        <>
          <dt title="Signed certificate timestamps (Certificate Transparency)">SCTs</dt>
          <dd className={classes['wrap']} title={logs?.join('\n')}>
            {sctWords(transparency)}
          </dd>
        </>
      )}
    </>
  );
}

const usageWords: Readonly<Record<string, string>> = {
  anyExtendedKeyUsage: 'anything',
  serverAuth: 'TLS server',
  clientAuth: 'TLS client',
  codeSigning: 'code signing',
  emailProtection: 'email',
  timeStamping: 'timestamping',
  OCSPSigning: 'OCSP signing',
};

function milliseconds(ms: number): string {
  return `${ms.toLocaleString('en', { maximumFractionDigits: 1 })} ms`;
}

/** Returns the parts of the time, one per line. */
function timeParts({ dns, tcp, starttls, tls }: CheckResult['timings']): string {
  const parts: [string, number | null][] = [
    ['DNS', dns],
    ['TCP', tcp],
    ['STARTTLS', starttls],
    ['TLS', tls],
  ];
  return parts.flatMap(([label, ms]) => (ms === null ? [] : `${label} ${milliseconds(ms)}`)).join('\n');
}

const curveNames: Record<string, string> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

function keyWords({
  type,
  bits,
  curve,
}: {
  type: string;
  bits: number | null;
  curve: string | null;
}): string {
  if (type === 'ec') return `ECDSA ${curve === null ? '' : (curveNames[curve] ?? curve)}`;
  if (type.startsWith('rsa')) return `RSA ${bits ?? ''}`;
  return `${type} ${type.startsWith('ed') ? '' : (bits ?? '')}`;
}

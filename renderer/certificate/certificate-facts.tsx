import { CopyButton } from '@mantine/core';
import { type CheckResult, shortName } from '../../shared/check-result.ts';
import classes from './job-detail.module.css';

const namesShown = 3;

/** The certificate and the connection, one line each. */
export function CertificateFacts({ result }: { result: CheckResult }) {
  const { certificate, protocol, cipher, address, addresses, timings } = result;
  if (!certificate) return null;
  const { sans, issuer, key, signatureAlgorithm, serialNumber, fingerprint256 } = certificate;
  const more = sans.length - namesShown;
  const names = `${sans.slice(0, namesShown).join(', ')}${more > 0 ? `, +${more.toLocaleString()}` : ''}`;
  const organisation = /(?:^|, )O=((?:\\.|[^,\\])*)/.exec(issuer)?.[1];
  return (
    <dl className={classes['facts']}>
      <dt>Names</dt>
      <dd title={sans.slice(0, 100).join('\n')}>{names || 'none'}</dd>
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
      <dt>Protocol</dt>
      <dd title={cipher ?? ''}>{[protocol?.replace('TLSv', 'TLS '), cipher].filter(Boolean).join(', ')}</dd>
      <dt>Address</dt>
      <dd title={addresses?.map((one) => `${one.address}: ${one.status}`).join('\n')}>
        {address}
        {addresses && ` (the worst of ${addresses.length})`}
      </dd>
      <dt>Time</dt>
      <dd>{timings.total.toLocaleString(undefined, { maximumFractionDigits: 1 })} ms</dd>
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

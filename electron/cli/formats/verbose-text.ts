import { shortName } from '../../../shared/domain/distinguished-name.ts';
import type { Certificate } from '../../../shared/schema/certificate.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import { forTerminal } from '../../../shared/text/foreign-text.ts';
import { revocationWords, sctWords, storeWords } from '../../../shared/text/trust-words.ts';

/** Returns what `check -v` prints below a result: names, key, chain with the end of each link, stores, revocation, SCTs. */
export function renderVerbose(result: CheckResult): string {
  const { certificate, chain, trust, revocation, transparency, attempts } = result;
  if (!certificate) return '';
  const { key } = certificate;
  const links = trust
    ? trust.path.map(({ subject, validTo, fingerprint256, isSent }) =>
        link({ subject, validTo, fingerprint256 }, isSent ? '' : ', not sent'),
      )
    : chain.map((one) => link(one, ''));
  const lines: [string, string][] = [
    ['Subject', certificate.subject],
    ['Issuer', certificate.issuer],
    ['Names', certificate.sans.join(', ') || 'none'],
    ['Key', [key.type.toUpperCase(), key.curve ?? key.bits].filter((part) => part !== null).join(' ')],
    ['Key SHA-256', key.fingerprint256 ?? 'not known'],
    ['Signature', certificate.signatureAlgorithm],
    ...extensionLines(certificate.extensions),
    ['Serial', certificate.serialNumber],
    ['SHA-256', certificate.fingerprint256],
    ...links.map((words, index): [string, string] => [index === 0 ? 'Chain' : '', words]),
    ...(attempts ?? []).map(({ address, outcome }, index): [string, string] => [
      index === 0 ? 'Addresses' : '',
      `${address} ${outcome.replaceAll('-', ' ')}`,
    ]),
    ['Trusted by', trust ? storeWords(trust) : 'no store'],
    ...(revocation ? [['Revocation', revocationWords(revocation)] satisfies [string, string]] : []),
    ...(transparency ? [['SCTs', sctWords(transparency)] satisfies [string, string]] : []),
    ...(transparency?.scts ?? []).map(({ logId, timestamp, source }): [string, string] => [
      '',
      `${timestamp}, log ${logId} (${source})`,
    ]),
  ];
  return `${lines.map(([label, words]) => `    ${label.padEnd(12)}${forTerminal(words)}`).join('\n')}\n`;
}

/** Returns what the extensions say, a line for each that the certificate has. */
function extensionLines(extensions: Certificate['extensions']): [string, string][] {
  if (!extensions) return [];
  const { keyUsage, basicConstraints, nameConstraints, ocspUrls, crlUrls } = extensions;
  const { ca = false, pathLength = null } = basicConstraints ?? {};
  const lines: [string, string | undefined][] = [
    ['Key usage', keyUsage?.join(', ')],
    [
      'CA',
      basicConstraints
        ? `${ca ? 'yes' : 'no'}${pathLength === null ? '' : `, path length ${pathLength}`}`
        : '',
    ],
    ['Only for', nameConstraints?.permitted.join(', ')],
    ['Not for', nameConstraints?.excluded.join(', ')],
    ['OCSP', ocspUrls.join(', ')],
    ['CRL', crlUrls.join(', ')],
  ];
  return lines.flatMap(([label, words]): [string, string][] => (words ? [[label, words]] : []));
}

interface Link {
  subject: string;
  validTo: string;
  fingerprint256: string;
}

function link({ subject, validTo, fingerprint256 }: Link, more: string): string {
  return `${shortName(subject) || subject}, until ${validTo.slice(0, 10)}, SHA-256 ${fingerprint256.replaceAll(':', '').slice(0, 16)}…${more}`;
}

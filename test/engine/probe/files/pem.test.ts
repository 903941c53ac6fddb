import { describe, expect, it } from 'vitest';
import { readPem } from '../../../../electron/engine/probe/files/pem.ts';
import { makeCa } from '../../../support/pki.ts';

const root = makeCa();
const leaf = root.issue();
const bundle = [leaf.pem, root.pem].join('');

describe('PEM', () => {
  it.each([
    ['as openssl writes it', bundle],
    ['with Windows’ line breaks', bundle.replaceAll('\n', '\r\n')],
    ['with words between (RFC 7468 §5.2)', `Bag Attributes\n    friendlyName: x\n${bundle}trailing words`],
    ['with other blocks between', `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${bundle}`],
    ['behind a block that never ends', `-----BEGIN CERTIFICATE-----\nAAAA\n${bundle}`],
    ['behind an end without a beginning', `-----END CERTIFICATE-----\n${bundle}`],
    ['under OpenSSL’s older label', bundle.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
  ])('is read %s', (_how, text) => {
    expect(readPem(text)).toEqual([leaf.der, root.der]);
  });

  it('ends a block only by its own label', () => {
    expect(readPem(root.pem.replace('END CERTIFICATE', 'END X509 CERTIFICATE'))).toEqual([]);
  });

  // Each of these took the regular expression that stood here before minutes; the test's own timeout ends it.
  it.each([
    ['beginnings', '-----BEGIN CERTIFICATE-----\n'],
    ['ends', '-----END CERTIFICATE-----\n'],
    ['beginnings of another label', '-----BEGIN X509 CERTIFICATE-----'],
    ['halves of a marker', '-----BEGIN '],
    ['dashes', '-'],
    ['line breaks', '\r\n'],
  ])('is read in one go over 10 MiB of %s', (_what, piece) => {
    expect(readPem(piece.repeat((10 * 2 ** 20) / piece.length))).toEqual([]);
  });

  it('is read up to a number of certificates', () => {
    expect(readPem(root.pem.repeat(2_500))).toHaveLength(2_000);
  });
});

import { describe, expect, it } from 'vitest';
import { invalidLines, readAddressLines } from '../../renderer/hosts/form/address-lines.ts';
import { readAddress } from '../../renderer/hosts/form/read-address.ts';
import { formatTarget } from '../../shared/schema/target.ts';

describe('an address as people paste it', () => {
  it.each([
    ['example.com', 'example.com'],
    ['example.com/path?query', 'example.com'],
    ['example.com:8443/path', 'example.com:8443'],
    ['user@example.com', 'example.com'],
    ['root@10.0.8.7:22443', '10.0.8.7:22443'],
    ['host 8443', 'host:8443'],
    ['host\t8443', 'host:8443'],
    ['10.0.8.7, fine', '10.0.8.7'],
    ['shop.example.com:8443 # behind the proxy', 'shop.example.com:8443'],
    ['shop.example.com - the shop', 'shop.example.com'],
    ['mail.example.com;587;Maria', 'mail.example.com:587'],
    ['| web.example.com', null],
    ['[2001:db8::1]:8443', '[2001:db8::1]:8443'],
    ['2001:db8::1', '[2001:db8::1]'],
    ['https://example.com/a,b', 'example.com'],
    ['https://user:pass@example.com:444/', 'example.com:444'],
    ['/etc/ssl/site.pem', '/etc/ssl/site.pem'],
    ['/etc/ssl/our site.pem', '/etc/ssl/our site.pem'],
    ['./site.pem', null],
  ])('%s', (text, expected) => {
    const read = readAddress(text);
    if (expected !== null) expect(read.ok && formatTarget(read.target)).toBe(expected);
    else expect(read.ok && !('file' in read.target)).toBe(false);
  });

  it.each([
    [
      '*.example.com',
      '“*.example.com” is a wildcard. Enter a host that uses the certificate, such as www.example.com.',
    ],
    ['~/a.pem', '“~/a.pem” begins with ~. Enter the full path, such as /home/you/a.pem.'],
    ['10.0.0.0/24', '“10.0.0.0/24” is a network. Enter single addresses.'],
    ['2001:db8::/32', '“2001:db8::/32” is a network. Enter single addresses.'],
    ['two words', '“two words” has a space in it. Enter one address per line.'],
    ['example.com:99999', '“99999” is not a port. A port is a whole number from 1 to 65535.'],
    ['', 'Enter a host name or an IP address.'],
  ])('%s is none, for this reason', (text, message) =>
    expect(readAddress(text)).toEqual({ ok: false, message }),
  );

  it('leaves the lines that could not be read, as they were', () => {
    const text = 'a.example\n# mail\n*.b.example\nc.example\n  two words \n';
    expect(invalidLines(text, readAddressLines(text, new Set()))).toBe('*.b.example\n  two words ');
  });
});

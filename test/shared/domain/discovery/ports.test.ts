import { describe, expect, it } from 'vitest';
import { isPrinterPort, readPorts, usualPorts } from '../../../../shared/domain/discovery/ports.ts';

describe('ports of a search', () => {
  it('reads numbers, ranges and sets, each port once', () => {
    expect(readPorts('443, 8000-8002,443')).toMatchObject({ ports: [443, 8000, 8001, 8002] });
    expect(readPorts('databases,443')).toMatchObject({ ports: [5432, 3306, 8883, 5671, 443] });
    expect(readPorts('usual')).toMatchObject({ ports: usualPorts });
  });

  it('has no printer in any set, and leaves those of a range out', () => {
    expect(usualPorts.filter(isPrinterPort)).toEqual([]);
    expect(new Set(usualPorts).size).toBe(usualPorts.length);
    const read = readPorts('9098-9109');
    expect(read).toMatchObject({ ports: [9098, 9099, 9108, 9109] });
    expect(read.ok && read.printers).toHaveLength(8);
  });

  it.each(['9100', '515', '631', '9100-9107', '515,631'])('refuses %s, which are printers’ alone', (text) => {
    expect(readPorts(text)).toMatchObject({ ok: false, message: expect.stringContaining('print') });
  });

  it.each(['0', '70000', '443-', '-443', '9-5', 'x', '', '443,,8443', '1-70000', 'toString'])(
    'refuses %j',
    (text) => {
      expect(readPorts(text)).toMatchObject({ ok: false, message: expect.any(String) });
    },
  );

  it('takes 200 ports and no more', () => {
    expect(readPorts('1000-1199')).toMatchObject({ ok: true });
    expect(readPorts('1000-1200')).toMatchObject({ message: 'A search has at most 200 ports.' });
    expect(readPorts('1000-60000')).toMatchObject({ message: 'A search has at most 200 ports.' });
    expect(readPorts('1000-1199,443')).toMatchObject({ message: 'A search has at most 200 ports.' });
  });
});

import { describe, expect, it } from 'vitest';
import { localNetworkHint } from '../../../electron/engine/probe/connect.ts';

describe('a host that has no route', () => {
  it.each([
    ['darwin', '192.168.1.7', true],
    ['darwin', '10.0.0.1', true],
    ['darwin', 'fe80::1%en0', true],
    ['darwin', 'fd12::7', true],
    ['darwin', '::ffff:172.16.0.9', true],
    ['darwin', '203.0.113.7', false],
    ['darwin', '2001:db8::7', false],
    ['linux', '192.168.1.7', false],
    ['win32', '10.0.0.1', false],
  ] as const)('on %s at %s gets the hint about macOS’ local network: %s', (platform, address, isHinted) => {
    const hint = localNetworkHint([{ address }], platform);
    expect(hint.includes('Privacy & Security → Local Network')).toBe(isHinted);
    if (!isHinted) expect(hint).toBe('');
  });
});

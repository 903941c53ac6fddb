// Made by build/distrust.ts. Source: NSS, lib/ckfw/builtins/certdata.txt,
// commit b646e2b0089f3ef78c15ae1cd64a4b88dc9aeb24 of 2026-04-09,
// SHA-256 77130ef91213772844561fbd3aa31d413b25c2ac7f576fea3bc3bbff7ef93489.

/** CKA_NSS_SERVER_DISTRUST_AFTER of Mozilla's roots: SHA-256 of the root, and the date (ISO 8601). */
export const distrustDates: ReadonlyMap<string, string> = new Map([
  // Entrust.net Premium 2048 Secure Server CA
  [
    '6D:C4:71:72:E0:1C:BC:B0:BF:62:58:0D:89:5F:E2:B8:AC:9A:D4:F8:73:80:1E:0C:10:B9:C8:37:D2:1E:B1:77',
    '2024-11-30T23:59:59.000Z',
  ],
  // Entrust Root Certification Authority
  [
    '73:C1:76:43:4F:1B:C6:D5:AD:F4:5B:0E:76:E7:27:28:7C:8D:E5:76:16:C1:E6:E6:14:1A:2B:2C:BC:7D:8E:4C',
    '2024-11-30T23:59:59.000Z',
  ],
  // ePKI Root Certification Authority
  [
    'C0:A6:F4:DC:63:A2:4B:FD:CF:54:EF:2A:6A:08:2A:0A:72:DE:35:80:3E:2F:F5:FF:52:7A:E5:D8:72:06:DF:D5',
    '2025-04-15T23:59:59.000Z',
  ],
  // Entrust Root Certification Authority - G2
  [
    '43:DF:57:74:B0:3E:7F:EF:5F:E4:0D:93:1A:7B:ED:F1:BB:2E:6B:42:73:8C:4E:6D:38:41:10:3D:3A:A7:F3:39',
    '2024-11-30T23:59:59.000Z',
  ],
  // Entrust Root Certification Authority - EC1
  [
    '02:ED:0E:B2:8C:14:DA:45:16:5C:56:67:91:70:0D:64:51:D7:FB:56:F0:B2:AB:1D:3B:8E:B0:70:E5:6E:DF:F5',
    '2024-11-30T23:59:59.000Z',
  ],
]);

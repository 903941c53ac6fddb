import { z } from 'zod';
import { oneLine } from './fields.ts';

export const port = z
  .int('A port is a whole number from 1 to 65535.')
  .min(1, 'A port is a whole number from 1 to 65535.')
  .max(65_535, 'A port is a whole number from 1 to 65535.');

export const hostName = oneLine('A host', 253).regex(
  /^[^\s/@]+$/,
  'A host is a name or an address, without spaces.',
);

/** A header’s name (RFC 9110 §5.1, RFC 5322 §3.6.8). */
export const headerName = oneLine('A header’s name', 100).regex(
  /^[\w!#$%&'*+.^`|~-]+$/,
  'This is not a valid header name.',
);

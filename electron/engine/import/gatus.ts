import { z } from 'zod';
import { addressItem, asName, asTags, type ImportItem, place } from './item.ts';

/** What of an endpoint says where a certificate is: https://github.com/TwiN/gatus, README, “Configuration”. */
const endpointSchema = z.object({
  name: z.coerce.string().default(''),
  group: z.coerce.string().nullish(),
  url: z.string(),
  enabled: z.boolean().nullish(),
});

/** Reads the endpoints of a Gatus configuration. Those that show no certificate are skipped, with the reason. */
export function readGatus(endpoints: readonly unknown[]): ImportItem[] {
  return endpoints.map((value, index) => {
    const parsed = endpointSchema.safeParse(value);
    if (!parsed.success)
      return {
        ...place(index + 1, JSON.stringify(value) ?? ''),
        message: 'This is not an endpoint of Gatus.',
      };
    const { name, group, url, enabled } = parsed.data;
    const at = place(index + 1, `${name}: ${url}`);
    const address = addressOf(url);
    if (address === null)
      return { ...at, message: `${url.split(':')[0]?.slice(0, 40)} shows no certificate.` };
    return addressItem(at, address, {
      name: asName(name),
      tags: asTags(group ? [group] : []),
      paused: enabled === false,
    });
  });
}

/** Gatus' `tls` is TLS from the first byte, its `starttls` that of SMTP (client/client.go, CanPerformStartTLS). */
function addressOf(url: string): string | null {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/is.exec(url) ?? [];
  switch (scheme.toLowerCase()) {
    case 'https':
    case 'wss':
      return url;
    case 'tls':
      return rest;
    case 'starttls':
      return `smtp://${rest}`;
    default:
      return null;
  }
}

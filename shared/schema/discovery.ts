import { z } from 'zod';
import { starttlsSchema, targetSchema } from './target.ts';

/** How hard a search presses. */
export const discoveryLimitsSchema = z
  .strictObject({
    perSecond: z
      .number()
      .min(1)
      .max(200)
      .default(20)
      .describe('Connections that are opened in a second; 20 at most where a public address is among them.'),
    atOnce: z.int().min(1).max(256).default(64).describe('Connections that are open at once.'),
    perHost: z.int().min(1).max(8).default(1).describe('Connections to one address at once.'),
    connectSeconds: z.number().min(0.5).max(10).default(2).describe('How long connecting may take.'),
    readSeconds: z.number().min(1).max(30).default(8).describe('How long a server may take to show itself.'),
    namesPerEndpoint: z
      .int()
      .min(0)
      .max(200)
      .default(20)
      .describe('How many names that a certificate taught are asked for at its address and port.'),
  })
  .describe('How hard a search presses.');
export type DiscoveryLimits = z.output<typeof discoveryLimitsSchema>;

export const defaultDiscoveryLimits: DiscoveryLimits = discoveryLimitsSchema.parse({});

/** What a search would do. Nothing was sent for it. */
export const discoveryPlanSchema = z
  .object({
    addresses: z.int().describe('Addresses of the ranges, without those that are excluded.'),
    hosts: z.int().describe('Hosts that are named; what they resolve to is known once the search runs.'),
    ports: z.array(z.int()).describe('Ports that are tried at each of them.'),
    connections: z
      .int()
      .describe('First connections: pairs of an address and a port. Names are asked for on top of them.'),
    excluded: z.int().describe('Pairs that exclusions leave out.'),
    publicAddresses: z.int().describe('Addresses that need the consent of a person.'),
    seconds: z.int().describe('About how long the first connections take.'),
    notes: z.array(z.string()).describe('What was taken otherwise than written, as sentences.'),
    refused: z.array(z.string()).describe('Why it may not start, as sentences; empty: it may.'),
    sent: z.literal(0).describe('Packets that were sent: none.'),
  })
  .describe('What a search would do.');
export type DiscoveryPlan = z.infer<typeof discoveryPlanSchema>;

const leafSchema = z
  .object({
    subject: z.string().describe('Distinguished name.'),
    issuer: z.string().describe('Distinguished name of who signed it.'),
    sans: z.array(z.string()).describe('Names and addresses in it, 200 at the most.'),
    validTo: z.iso.datetime().describe('Its notAfter.'),
    fingerprint256: z.string().describe('SHA-256 of its DER.'),
    problems: z.array(z.string()).describe('Codes of what is wrong with it, whatever the name.'),
    isPlaceholder: z
      .boolean()
      .describe('Whether it is what a program shows before its own certificate is installed.'),
  })
  .describe('The certificate that was shown.');
export type FoundLeaf = z.infer<typeof leafSchema>;

/** Where and what a search found: a certificate, or a server that speaks TLS and shows none. */
export const foundSchema = z
  .object({
    address: z.string().describe('IP address.'),
    port: z.int().describe('TCP port.'),
    starttls: starttlsSchema.nullable(),
    names: z.array(z.string()).describe('Names for which it was shown, 200 at the most.'),
    suggested: targetSchema
      .nullable()
      .describe('What to add as a host; null: nothing, as for a placeholder or where a name is needed.'),
    leaf: leafSchema.nullable(),
    state: z
      .enum(['new', 'needs-name'])
      .describe('needs-name: it speaks TLS and shows a certificate only to who asks for a name that it has.'),
    note: z.string().nullable().describe('What a person should know of it, as a sentence.'),
  })
  .describe('A find.');
export type Found = z.infer<typeof foundSchema>;

/** How far a search has come. */
const discoveryProgressSchema = z
  .object({
    planned: z.int().describe('Pairs of an address and a port.'),
    tried: z.int().describe('Those that are done with.'),
    open: z.int().describe('Those where something listens.'),
    tls: z.int().describe('Those where TLS is spoken.'),
    connections: z.int().describe('Connections that were opened or tried, names included.'),
    silentHosts: z
      .int()
      .describe('Addresses that answered on no port of three; their other ports are skipped.'),
    found: z.int().describe('Finds.'),
  })
  .describe('How far a search has come.');
export type DiscoveryProgress = z.infer<typeof discoveryProgressSchema>;

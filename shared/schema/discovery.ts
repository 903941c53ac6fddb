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
      .describe('Connections opened per second; at most 20 if a public address is included.'),
    atOnce: z.int().min(1).max(256).default(64).describe('Maximum number of open connections.'),
    perHost: z.int().min(1).max(8).default(1).describe('Maximum number of open connections per address.'),
    connectSeconds: z.number().min(0.5).max(10).default(2).describe('Time limit for connecting.'),
    readSeconds: z.number().min(1).max(30).default(8).describe('Time limit for a server to respond.'),
    namesPerEndpoint: z
      .int()
      .min(0)
      .max(200)
      .default(20)
      .describe('Maximum number of names from a certificate to request at its address and port.'),
  })
  .describe('Limits of a search.');
export type DiscoveryLimits = z.output<typeof discoveryLimitsSchema>;

export const defaultDiscoveryLimits: DiscoveryLimits = discoveryLimitsSchema.parse({});

/** What a search would do. Nothing was sent for it. */
export const discoveryPlanSchema = z
  .object({
    addresses: z.int().describe('Number of addresses in the ranges, without excluded ones.'),
    hosts: z.int().describe('Number of host names; they are resolved when the search runs.'),
    ports: z.array(z.int()).describe('Ports to try at each.'),
    connections: z
      .int()
      .describe(
        'Number of first connections: pairs of an address and a port, where a name counts as one address. Requests for names come on top.',
      ),
    excluded: z.int().describe('Number of excluded pairs.'),
    publicAddresses: z.int().describe('Number of public addresses, which need consent.'),
    seconds: z.int().describe('Estimated duration of the first connections.'),
    notes: z.array(z.string()).describe('Notes on how the input was interpreted.'),
    refused: z.array(z.string()).describe('Reasons why the search cannot start; empty: it can.'),
    sent: z.literal(0).describe('Number of packets sent: none.'),
  })
  .describe('Plan of a search.');
export type DiscoveryPlan = z.infer<typeof discoveryPlanSchema>;

const leafSchema = z
  .object({
    subject: z.string().describe('Distinguished name.'),
    issuer: z.string().describe('Distinguished name of the issuer.'),
    sans: z.array(z.string()).describe('The first 200 names and addresses.'),
    validTo: z.iso.datetime().describe('Its notAfter.'),
    fingerprint256: z.string().describe('SHA-256 of its DER.'),
    problems: z.array(z.string()).describe('Codes of its problems, independent of the name.'),
    isPlaceholder: z
      .boolean()
      .describe(
        'Whether it is a placeholder that a program presents before its own certificate is installed.',
      ),
  })
  .describe('The certificate presented.');
export type FoundLeaf = z.infer<typeof leafSchema>;

/** Where and what a search found: a certificate, or a server that speaks TLS and shows none. */
export const foundSchema = z
  .object({
    address: z.string().describe('IP address.'),
    port: z.int().describe('TCP port.'),
    starttls: starttlsSchema.nullable(),
    names: z.array(z.string()).describe('The first 200 names for which it was presented.'),
    suggested: targetSchema
      .nullable()
      .describe('Target to add as a host; null: none (a placeholder, or a name is needed).'),
    leaf: leafSchema.nullable(),
    state: z
      .enum(['new', 'needs-name'])
      .describe('needs-name: it presents a certificate only for a name that it is configured for.'),
    note: z.string().nullable().describe('Note, as a sentence.'),
  })
  .describe('A find.');
export type Found = z.infer<typeof foundSchema>;

/** How far a search has come. */
export const discoveryProgressSchema = z
  .object({
    planned: z.int().describe('Pairs of an address and a port.'),
    tried: z.int().describe('Number of finished pairs.'),
    open: z.int().describe('Number of open ports.'),
    tls: z.int().describe('Number of TLS services.'),
    connections: z.int().describe('Number of connections attempted, including those for names.'),
    silentHosts: z
      .int()
      .describe(
        'Number of addresses that did not answer on three ports; their other ports are skipped, except 443, ports named with the host, and those of earlier finds.',
      ),
    found: z.int().describe('Finds.'),
  })
  .describe('Progress of a search.');
export type DiscoveryProgress = z.infer<typeof discoveryProgressSchema>;

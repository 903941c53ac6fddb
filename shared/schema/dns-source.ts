import { z } from 'zod';
import { dnsRecordKinds, readDomain, readNameServer } from '../domain/discovery/dns-source.ts';
import { isPrinterPort, onlyPrinters } from '../domain/discovery/ports.ts';

/** A domain whose DNS records name hosts: looked up, or of a zone that is transferred. */
export const dnsSourceSchema = z
  .strictObject({
    domain: z
      .string()
      .trim()
      .max(253, 'A domain has at most 253 characters.')
      .refine((text) => readDomain(text) !== null, 'A domain is a name such as corp.example.')
      .overwrite((text) => readDomain(text) ?? text)
      .describe('Domain whose records are read.'),
    records: z
      .array(
        z.enum(dnsRecordKinds, {
          error: `records are ${dnsRecordKinds.join(', ')}.`,
        }),
      )
      .min(1, 'Name at least one kind of records.')
      .overwrite((all) => [...new Set(all)])
      .default([...dnsRecordKinds])
      .describe('Kinds of records that hosts are taken from; a: A, AAAA and CNAME; svcb: SVCB and HTTPS.'),
    transfer: z
      .string()
      .trim()
      .max(300, 'A name server has at most 300 characters.')
      .superRefine((text, context) => {
        const server = readNameServer(text);
        if (server === null)
          context.addIssue({
            code: 'custom',
            message: 'A name server is a host or address, with a port or without.',
          });
        else if (isPrinterPort(server.port))
          context.addIssue({ code: 'custom', message: onlyPrinters([server.port]) });
      })
      .nullable()
      .default(null)
      .describe(
        'Name server to transfer the zone from (AXFR), as HOST or HOST:PORT; null: look the records up at the name servers of the system.',
      ),
  })
  .describe('Domain whose DNS records name hosts.');
export type DnsSource = z.output<typeof dnsSourceSchema>;

import { oc } from '@orpc/contract';
import { z } from 'zod';
import { certificateSchema } from '../schema/certificate.ts';
import { jobIdSchema, jobViewSchema } from '../schema/job.ts';

const noSuchJob = { NOT_FOUND: { status: 404, message: 'There is no job with this id.' } } as const;

const fingerprintSchema = z
  .string()
  .regex(
    /^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/,
    'A fingerprint is 32 pairs of hexadecimal digits joined by colons.',
  )
  .describe('SHA-256 of the DER, upper case hexadecimal in pairs joined by colons.');

const trustInput = z.strictObject({
  id: jobIdSchema,
  fingerprint256: fingerprintSchema,
  scope: z
    .enum(['host', 'all'])
    .default('host')
    .describe('host: trust it for this job. all: trust it for every job, in the settings.'),
});

/** What is asked of the certificates of a job besides its results. */
export const trustContract = {
  certificate: oc
    .route({
      method: 'GET',
      path: '/jobs/{id}/certificates/{fingerprint256}',
      summary: 'A certificate that the job showed, in full',
      tags: ['Jobs'],
    })
    .errors({ NOT_FOUND: { status: 404, message: 'The job never showed this certificate.' } })
    .input(z.strictObject({ id: jobIdSchema, fingerprint256: fingerprintSchema }))
    .output(certificateSchema),
  trust: oc
    .route({
      method: 'POST',
      path: '/jobs/{id}/trust',
      summary: 'Trust a certificate that the last result shows, and check again',
      description: 'Stores it as a CA file in the data folder and adds the file to the job or the settings.',
      tags: ['Jobs'],
    })
    .errors(noSuchJob)
    .input(trustInput)
    .output(jobViewSchema),
  untrust: oc
    .route({
      method: 'POST',
      path: '/jobs/{id}/untrust',
      summary: 'Stop trusting a certificate that was trusted this way, and check again',
      tags: ['Jobs'],
    })
    .errors(noSuchJob)
    .input(trustInput)
    .output(jobViewSchema),
};

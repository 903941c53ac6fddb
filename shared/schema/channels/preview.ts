import { z } from 'zod';

/** What a preview shows: one alert, very many at once, or good news. */
export const previewSamples = ['alert', 'many', 'resolved'] as const;
export type PreviewSample = (typeof previewSamples)[number];

export const previewPartSchema = z.object({
  label: z.string().describe('What it is, such as Subject or Body.'),
  text: z.string().describe('Its text, without secrets.'),
});
export type PreviewPart = z.infer<typeof previewPartSchema>;

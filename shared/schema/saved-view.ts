import { z } from 'zod';
import { isOneLine } from '../domain/plain-text.ts';

/** A filter of the list of hosts under a name, for the sidebar. */
export const savedViewSchema = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, 'A view has a name.')
    .max(60, 'The name of a view has at most 60 characters.')
    .refine(isOneLine, 'The name of a view is one line without control characters.')
    .describe('Its name in the sidebar.'),
  query: z
    .string()
    .max(4000, 'The query of a view has at most 4,000 characters.')
    .refine(isOneLine, 'The query of a view is one line without control characters.')
    .describe('What the page’s address has after `#/?`: `tag=web&q=expires%3C30&by=certificate`.'),
});
export type SavedView = z.infer<typeof savedViewSchema>;

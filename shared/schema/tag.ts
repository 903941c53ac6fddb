import { z } from 'zod';
import { isOneLine } from '../domain/plain-text.ts';

/** A word to group jobs by. */
export const tagSchema = z
  .string()
  .trim()
  .min(1, 'A tag is not empty.')
  .max(60, 'A tag has at most 60 characters.')
  .refine(isOneLine, 'A tag is one line without control characters.');

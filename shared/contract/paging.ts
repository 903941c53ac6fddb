import { z } from 'zod';
import { maxPageItems } from '../domain/list-bounds.ts';

/** Query strings carry numbers as text; an oRPC client sends numbers. Both are read. */
const limitSchema = z.coerce
  .number()
  .int()
  .min(1, 'limit is 1 or more.')
  .max(maxPageItems, `limit is at most ${maxPageItems.toLocaleString('en')}.`);
const offsetSchema = z.coerce.number().int().min(0, 'offset is 0 or more.');
export const pageInput = {
  limit: limitSchema.default(100).describe('Maximum number of items to return.'),
  offset: offsetSchema.default(0).describe('Number of items to skip.'),
};

export const queryBoolean = z.union(
  [z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')],
  { error: 'Write true or false.' },
);

/** A page of a list, with the length of the list. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item).describe('This page.'),
    total: z.int().describe('Total number of items.'),
  });

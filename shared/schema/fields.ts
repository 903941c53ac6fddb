import { z } from 'zod';

type Fields = Record<string, z.ZodType>;

/** Each field with a default, which fills it in where it is left out. */
export type WithDefaults<Shape extends Fields> = { [Key in keyof Shape]: z.ZodDefault<Shape[Key]> };

/**
 * Gives each field its default, for a schema that reads what leaves fields out: input of a person, or a file from before a
 * field existed.
 */
export function withDefaults<Shape extends Fields>(
  fields: Shape,
  defaults: { readonly [Key in keyof Shape]: z.output<Shape[Key]> },
): WithDefaults<Shape> {
  const entries = Object.entries(fields).map(([key, field]) => [
    key,
    // SAFETY: `defaults` has a value of the field's own type for each key.
    field.default(defaults[key as keyof Shape] as never).describe(field.description ?? ''),
  ]);
  // SAFETY: it has the keys of `fields`, each with its default.
  return Object.fromEntries(entries) as WithDefaults<Shape>;
}

/** Returns a schema of changes: the fields given replace those that stand, and no default fills in the others. */
export function patchOf<Shape extends Fields>(
  fields: Shape,
): z.ZodObject<{ [Key in keyof Shape]: z.ZodOptional<Shape[Key]> }, z.core.$strict> {
  return z.strictObject(fields).partial();
}

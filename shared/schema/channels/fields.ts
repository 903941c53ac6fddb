import { z } from 'zod';
import { isOneLine } from '../../domain/plain-text.ts';
import { isSealed } from '../../domain/sealed.ts';

/** A secret that a file holds: its first line, read at each use. */
const secretFileSchema = z.strictObject({
  file: z
    .string()
    .min(1, 'A secret’s file is a path.')
    .max(4096)
    .describe('Path of a file whose first line is the secret.'),
});

/** Takes the place of a saved secret in responses. Sent back, it keeps the secret. */
const keptSecretSchema = z.strictObject({ set: z.literal(true).describe('A secret is already set.') });

/** A secret of a channel: its text (sealed on disk where there is a key), the file that holds it, or the sign that one is kept. */
export type Secret = string | z.infer<typeof secretFileSchema> | z.infer<typeof keptSecretSchema>;

type FieldInput = 'text' | 'secret' | 'number' | 'choice' | 'list' | 'lines' | 'pairs' | 'switch' | 'area';

/** A field of a channel: its rule, and how forms and the command line ask for it. */
export interface ChannelField<Schema extends z.ZodType = z.ZodType> {
  schema: Schema;
  label: string;
  help: string;
  input: FieldInput;
  choices?: readonly string[];
  /** What of a field that is no secret is not shown: what may be secret in its addresses, or the values of its pairs. */
  hides?: 'addresses' | 'values';
  /** Returns why an address cannot be entered, such as one of another service; null: it can. */
  refuse?: (url: URL) => string | null;
}

function makeField<Schema extends z.ZodType>(
  input: FieldInput,
  label: string,
  schema: Schema,
  help: string,
  more: Pick<ChannelField, 'choices' | 'hides'> = {},
): ChannelField<Schema> {
  // SAFETY: `describe` returns a copy of the same schema.
  return { schema: schema.describe(help) as Schema, label, help, input, ...more };
}

const maxSealed = 8192;
const maxValue = 1000;
/** Text of one line: nothing in it can begin a header, a line of a protocol or an escape sequence. */
export const oneLine = (noun: string, max: number) =>
  z
    .string({ error: `${noun} is missing.` })
    .trim()
    .min(1, `${noun} is missing.`)
    .max(max, `${noun} has at most ${max} characters.`)
    .refine(isOneLine, `${noun} is one line without control characters.`);

/** A field of one line. */
export const textField = <Schema extends z.ZodType>(label: string, schema: Schema, help: string) =>
  makeField('text', label, schema, help);

/** A secret of one line. */
export function secretField(label: string, help: string, isValid = (_: string): string | null => null) {
  return makeField('secret', label, secretSchema(label, isValid), help);
}

function secretSchema(label: string, isValid: (text: string) => string | null) {
  const text = z
    .string()
    .min(1, `${label} is missing.`)
    .max(maxSealed, `${label} has at most 4096 characters.`)
    .superRefine((value, context) => {
      if (isSealed(value)) return;
      const message = plainProblem(label, value) ?? isValid(value);
      if (message !== null) context.addIssue({ code: 'custom', message });
    });
  return z.union([text, secretFileSchema, keptSecretSchema], {
    error: ({ input }) =>
      input === undefined ? `${label} is missing.` : `${label} is a text, or {"file": PATH}.`,
  });
}

function plainProblem(label: string, value: string): string | null {
  if (value.length > 4096) return `${label} has at most 4096 characters.`;
  return isOneLine(value) ? null : `${label} is one line without control characters.`;
}

/** An address that is a secret: anyone who knows it can post there. */
export function secretUrlField(label: string, help: string, refuse = (_: URL): string | null => null) {
  const field = secretField(label, help, (text) =>
    URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
      ? null
      : `${label} is an http:// or https:// address.`,
  );
  return { ...field, refuse };
}

/** An address that is no secret as a whole. */
export const urlField = (label: string, help: string, noun = label) =>
  makeField('text', label, httpUrl(noun), help, { hides: 'addresses' });

/** Several texts of one line, which may have commas in them. */
export const linesField = (label: string, item: z.ZodType<string>, most: number, help: string) =>
  makeField('lines', label, z.array(item).max(most, `${label}: at most ${most}.`), help);

/** Several addresses that are no secrets as a whole. */
export const urlsField = (
  label: string,
  noun: string,
  bounds: { least?: number; most: number },
  help: string,
) => ({
  ...listField(label, httpUrl(noun), bounds, help),
  hides: 'addresses' as const,
});

const httpUrl = (noun: string) =>
  z
    .url({ protocol: /^https?$/, error: `${noun} is an http:// or https:// address.` })
    .max(2048, `${noun} has at most 2048 characters.`)
    .refine((text) => !URL.canParse(text) || new URL(text).password === '', {
      error: `${noun} has no password in it: use the fields for that.`,
    });

export function choiceField<const Choice extends string>(
  label: string,
  choices: readonly [Choice, ...Choice[]],
  help: string,
) {
  return makeField('choice', label, z.enum(choices, { error: `${label} is ${choices.join(', ')}.` }), help, {
    choices,
  });
}

/** Several texts of one line. */
export function listField<Schema extends z.ZodType<string>>(
  label: string,
  item: Schema,
  { least = 0, most }: { least?: number; most: number },
  help: string,
) {
  const schema = z
    .array(item, { error: ({ input }) => (input === undefined ? `${label} is missing.` : undefined) })
    .min(least, `${label}: at least ${least}.`)
    .max(most, `${label}: at most ${most}.`);
  return makeField('list', label, schema, help);
}

/** Headers, whose values are not shown: they may be tokens. Sealed ones are longer. */
export const headersField = (name: z.ZodType<string>, help: string) => ({
  ...pairsField('Headers', name, 20, help, maxSealed),
  hides: 'values' as const,
});

/** Names with values, such as headers and labels. */
export function pairsField(
  label: string,
  name: z.ZodType<string>,
  most: number,
  help: string,
  maxLength = maxValue,
) {
  const value = oneLine('A value', maxLength).refine(
    (text) => text.length <= maxValue || isSealed(text),
    `A value has at most ${maxValue} characters.`,
  );
  const schema = z
    .array(
      z.strictObject({
        name: name.describe('The name.'),
        value: value.describe('The value.'),
      }),
    )
    .max(most, `${label}: at most ${most}.`)
    .refine((pairs) => new Set(pairs.map((pair) => pair.name.toLowerCase())).size === pairs.length, {
      error: `${label}: each name once.`,
    });
  return makeField('pairs', label, schema, help);
}

export const numberField = <Schema extends z.ZodType>(label: string, schema: Schema, help: string) =>
  makeField('number', label, schema, help);

export const areaField = <Schema extends z.ZodType>(label: string, schema: Schema, help: string) =>
  makeField('area', label, schema, help);

/** Lets a field be left out. */
export function optional<Schema extends z.ZodType>(
  given: ChannelField<Schema>,
): ChannelField<z.ZodDefault<z.ZodNullable<Schema>>> {
  // SAFETY: null is a value of the nullable schema.
  const schema = given.schema
    .nullable()
    .default(null as never)
    .describe(given.help);
  return { ...given, schema };
}

/** Gives a field what it has where it is left out. */
export function withDefault<Schema extends z.ZodType>(
  given: ChannelField<Schema>,
  value: z.output<Schema>,
): ChannelField<z.ZodDefault<Schema>> {
  // SAFETY: the value is of the schema's own type.
  return { ...given, schema: given.schema.default(value as never).describe(given.help) };
}

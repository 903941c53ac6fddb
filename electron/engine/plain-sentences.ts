import { config, type core } from 'zod';
import { count, list } from '../../shared/text/words.ts';

const nouns: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  null: 'null',
  date: 'a time',
};
const nounOf = (type: string) => nouns[type] ?? `of the type ${type}`;

/** Formats that have no sentence of ours, by their name in zod. */
const formats: Readonly<Record<string, string>> = {
  datetime: 'a time such as 2026-11-26T08:00:00Z',
  date: 'a date such as 2026-11-26',
  url: 'a URL',
  email: 'an email address',
  uuid: 'a UUID',
};

/**
 * Returns the sentence for what a schema refuses and has no words for, in place of “Invalid input: expected object, received
 * undefined”. @returns undefined where zod’s own sentence is used
 */
function plainSentence(issue: core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue);
    case 'invalid_value':
      return choice(issue.values.map((value) => JSON.stringify(value) ?? String(value)));
    case 'too_small':
      return `This must ${bound('at least', issue.origin, issue.minimum)}.`;
    case 'too_big':
      return `This must ${bound('at most', issue.origin, issue.maximum)}.`;
    case 'invalid_format':
      return `This must be ${formats[issue.format] ?? 'written in another form'}.`;
    case 'unrecognized_keys':
      return `There is no field named ${list(
        issue.keys.map((key) => `“${key}”`),
        10,
      )} here.`;
    case 'invalid_union':
      return 'This is in none of the accepted forms.';
    default:
      return undefined;
  }
}

function choice(values: readonly string[]): string {
  return values.length === 1 ? `This must be ${values[0]}.` : `This must be one of ${values.join(', ')}.`;
}

function wrongType({ expected, input, path = [] }: core.$ZodRawIssue<core.$ZodIssueInvalidType>): string {
  if (input !== undefined) return `This must be ${nounOf(expected)}, not ${received(input)}.`;
  if (path.length > 0 && path.join('.') !== 'body')
    return `This field is missing: it must be ${nounOf(expected)}.`;
  return expected === 'object' ? 'Send a JSON object, {} at least.' : `Send ${nounOf(expected)} as JSON.`;
}

function received(input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'number' && Number.isNaN(input)) return 'a text';
  return nounOf(typeof input);
}

function bound(limit: string, origin: string, value: number | bigint): string {
  if (origin === 'string') return `have ${limit} ${count(Number(value), 'character')}`;
  if (origin === 'array' || origin === 'set')
    return `have ${limit} ${count(Number(value), 'entry', 'entries')}`;
  return `be ${limit} ${value}`;
}

config({ customError: plainSentence });

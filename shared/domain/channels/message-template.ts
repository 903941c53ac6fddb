/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What a template may name. `alerts` is the list itself where it is a whole string. */
const templatePaths = [
  'event',
  'severity',
  'title',
  'body',
  'at',
  'key',
  'alerts',
  'alert.kind',
  'alert.severity',
  'alert.title',
  'alert.body',
  'alert.raisedAt',
  'job.name',
  'job.id',
  'address',
  'tags',
  'secret',
] as const;
export type TemplatePath = (typeof templatePaths)[number];

const placeholder = /\{\{([^{}]{0,100})\}\}/g;

/**
 * Reads a template as JSON before anything is put into it, so that no text can break its form.
 * @returns the document, or what is wrong with the template
 */
export function parseTemplate(
  text: string,
): { document: Json; problem: null } | { document: null; problem: string } {
  let document: Json;
  try {
    // SAFETY: JSON.parse returns nothing but JSON values.
    document = JSON.parse(text) as Json;
  } catch (error) {
    return {
      document: null,
      problem: `The template is not JSON (${placeOf(error, text)}). Quote each placeholder: "{{title}}".`,
    };
  }
  const unknown = pathsOf(document).find((path) => !(templatePaths as readonly string[]).includes(path));
  if (unknown === undefined) return { document, problem: null };
  return {
    document: null,
    problem: `{{${unknown}}} is unknown. A template knows ${templatePaths.join(', ')}.`,
  };
}

/** V8 names the place in its message, by line and column or by position. */
function placeOf(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : '';
  const lined = /line (\d+) column (\d+)/.exec(message);
  if (lined) return `line ${lined[1]}, column ${lined[2]}`;
  const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, at).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function pathsOf(value: Json): string[] {
  if (typeof value === 'string') return [...value.matchAll(placeholder)].map(([, path = '']) => path.trim());
  if (typeof value !== 'object' || value === null) return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(pathsOf);
}

/**
 * Fills in a template: within a string a placeholder becomes text; a string that is one placeholder becomes the value itself.
 * @param values values by their paths; what is not there is null
 */
export function fillTemplate(document: Json, values: Readonly<Partial<Record<TemplatePath, Json>>>): Json {
  const known = new Map<string, Json>(Object.entries(values));
  const lookUp = (path: string): Json => known.get(path.trim()) ?? null;
  if (typeof document === 'string') {
    const whole = /^\{\{([^{}]{0,100})\}\}$/.exec(document);
    if (whole) return lookUp(whole[1] ?? '');
    return document.replace(placeholder, (_, path: string) => asText(lookUp(path)));
  }
  if (typeof document !== 'object' || document === null) return document;
  if (Array.isArray(document)) return document.map((item) => fillTemplate(item, values));
  return Object.fromEntries(Object.entries(document).map(([key, item]) => [key, fillTemplate(item, values)]));
}

function asText(value: Json): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(asText).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

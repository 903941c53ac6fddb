/** What of the API's description tells the methods of a path. */
export interface DescribedPaths {
  paths: Readonly<Record<string, object>>;
}

/**
 * Returns the methods that the API has for a path, in capitals; none for a path that it does not know. HEAD goes with GET (RFC 9110 §9.3.2), but
 * for a stream of events, which has no end.
 * @param path a path below /api/v1, such as `/jobs/5`
 */
export function allowedMethods({ paths }: DescribedPaths, path: string): string[] {
  const parts = path.split('/');
  const methods = Object.entries(paths).flatMap(([template, operations]) =>
    fits(template.split('/'), parts) ? Object.keys(operations).map((method) => method.toUpperCase()) : [],
  );
  const known = [...new Set(methods)];
  return known.includes('GET') && path !== eventsPath ? [...known, 'HEAD'] : known;
}

/** The stream of events. */
export const eventsPath = '/events';

function fits(template: readonly string[], parts: readonly string[]): boolean {
  return (
    template.length === parts.length &&
    template.every((part, index) => (part.startsWith('{') ? parts[index] !== '' : part === parts[index]))
  );
}

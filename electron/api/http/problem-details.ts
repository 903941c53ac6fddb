import type { ServerResponse } from 'node:http';
import type { ORPCError } from '@orpc/server';

/** An error as RFC 9457 has it, with a sentence for each field that was refused. */
export interface ProblemDetails {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  errors?: { field: string; message: string }[];
}

export const problemType = 'application/problem+json';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  412: 'Changed meanwhile',
  421: 'Misdirected request',
  422: 'Not as before',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not now',
  507: 'Not stored',
};

/** Problem details without fields. */
function problem(status: number, detail: string): ProblemDetails {
  return { type: 'about:blank', title: titles[status] ?? 'Error', status, detail };
}

/** Answers a request with problem details. */
export function sendProblem(response: ServerResponse, status: number, detail: string): void {
  response.writeHead(status, {
    'content-type': problemType,
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(JSON.stringify(problem(status, detail)));
}

/** Answers a request whose method a place does not know, with those that it does (RFC 9110 §15.5.6). */
export function sendNotAllowed(response: ServerResponse, methods: readonly string[], detail: string): void {
  response.setHeader('allow', methods.join(', '));
  sendProblem(response, 405, detail);
}

interface Issue {
  path?: readonly PropertyKey[];
  message: string;
}

/** Problem details from an error of the router. What its schemas refused is named field by field. */
export function fromRouterError(error: ORPCError<string, unknown>): ProblemDetails {
  const issues = readIssues(error.data);
  if (issues.length === 0)
    return problem(
      error.status,
      error.status === 500 ? 'NotAfter failed. Its log has the details.' : error.message,
    );
  const errors = issues.map(({ path = [], message }) => ({ field: fieldOf(path), message }));
  const detail = errors.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join(' ');
  return { ...problem(error.status, detail), errors };
}

/** Where a call takes apart what a request has (oRPC's detailed input), the part is not part of the field's name. */
const parts: readonly PropertyKey[] = ['body', 'query', 'params'];

function fieldOf([first, ...rest]: readonly PropertyKey[]): string {
  const isPart = first !== undefined && rest.length > 0 && parts.includes(first);
  return (isPart || first === undefined ? rest : [first, ...rest]).map(String).join('.');
}

function readIssues(data: unknown): Issue[] {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return [];
  // zod names unknown fields in one issue at their parent; a person looks for each at its own place.
  // SAFETY: the issues are zod's, which has these fields by kind.
  return (data.issues as (Issue & { code?: string; keys?: string[] })[]).flatMap(
    ({ path = [], message, code, keys }) =>
      code === 'unrecognized_keys' && keys
        ? keys.map((key) => ({ path: [...path, key], message: `There is no field named “${key}” here.` }))
        : [{ path, message }],
  );
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint256 as exampleFingerprint } from '../../../electron/api/openapi/acceptance-examples.ts';
import { describeApi } from '../../../electron/api/openapi/document.ts';
import { apiExamples } from '../../../electron/api/openapi/examples.ts';
import { exportFormatEntries } from '../../../shared/domain/export-formats.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { makeCa } from '../../support/pki.ts';
import { Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls } from '../../support/tls-server.ts';

interface Schema {
  $ref?: string;
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  type?: string;
}
interface Operation {
  operationId: string;
  summary?: string;
  parameters?: { name: string; in: string; description?: string; example?: unknown; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
  responses: Record<string, { content?: Record<string, { schema: Schema; example?: unknown }> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const document = (await describeApi('1.2.3')) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);
const named = (name: string) => {
  const found = operations.find(({ operationId }) => operationId === name);
  if (!found) throw new Error(`${name} is not in the document`);
  return found;
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv); // Its types take it for CommonJS.
ajv.addSchema(document, 'api');
const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** What the document says against a value at a place in it; empty: nothing. */
function faults(place: readonly string[], value: unknown): unknown[] {
  const validate = ajv.compile({ $ref: `api#/${place.map(escaped).map(encodeURIComponent).join('/')}` });
  return validate(value) ? [] : (validate.errors ?? []);
}

function undescribed(schema: Schema, path: string): string[] {
  const isDescribed = (one: Schema): boolean => {
    if (one.description !== undefined || one.type === 'null') return true;
    if (one.$ref) return isDescribed(document.components.schemas[one.$ref.split('/').at(-1) ?? ''] ?? {});
    const choices = one.anyOf ?? one.oneOf ?? one.allOf;
    return choices?.every(isDescribed) ?? false;
  };
  const here = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    ...(isDescribed(field) ? [] : [`${path}.${name}`]),
    ...undescribed(field, `${path}.${name}`),
  ]);
  const parts = [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [...here, ...parts.flatMap((part) => (part ? undescribed(part, path) : []))];
}

describe('the document', () => {
  it('is OpenAPI 3.1 and has a summary and an example for every call', () => {
    expect(document.openapi).toMatch(/^3\.1/);
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(apiExamples).sort());
    expect(operations.filter(({ summary }) => !summary)).toEqual([]);
  });

  it.each(operations.map(({ operationId }) => operationId))('describes every field of %s', (name) => {
    const { parameters = [], requestBody, responses } = named(name);
    const contents = [requestBody ?? {}, ...Object.values(responses)].flatMap(({ content }) =>
      Object.values(content ?? {}),
    );
    expect(parameters.filter(({ description }) => !description)).toEqual([]);
    expect(contents.flatMap(({ schema }) => undescribed(schema, name))).toEqual([]);
  });

  it.each(Object.entries(document.components.schemas))('describes every field of %s', (name, schema) => {
    expect(undescribed(schema, name)).toEqual([]);
  });

  it.each(operations.map(({ operationId }) => operationId))(
    'has examples of %s that it allows itself',
    (name) => {
      const { path, method, parameters = [], requestBody, responses } = named(name);
      const place = ['paths', path, method];
      const examples = [
        ...parameters.map(({ example }, index) => [
          [...place, 'parameters', String(index), 'schema'],
          example,
        ]),
        ...examplesIn(requestBody, [...place, 'requestBody']),
        ...Object.entries(responses).flatMap(([status, answer]) =>
          examplesIn(answer, [...place, 'responses', status]),
        ),
      ] as [string[], unknown][];
      for (const [schema, example] of examples)
        if (example !== undefined) expect(faults(schema, example)).toEqual([]);
    },
  );
});

/** Returns the example of each media type, with the place of its schema. */
function examplesIn(
  body: { content?: Record<string, { example?: unknown }> } | undefined,
  place: readonly string[],
): [string[], unknown][] {
  return Object.entries(body?.content ?? {}).map(([type, { example }]) => [
    [...place, 'content', type, 'schema'],
    example,
  ]);
}

/** Every call in an order in which each has something to work on. */
const order = [
  'settings.get',
  'settings.edit',
  'jobs.import',
  'jobs.list',
  'jobs.add',
  'jobs.get',
  'jobs.edit',
  'jobs.editMany',
  'jobs.check',
  'jobs.checkAll',
  'jobs.stopChecks',
  'jobs.chain',
  'jobs.trend',
  'jobs.explain',
  'jobs.accept',
  'jobs.unaccept',
  'jobs.acceptMany',
  'jobs.unacceptMany',
  'jobs.certificate',
  'jobs.trust',
  'jobs.untrust',
  'jobs.history',
  ...exportFormatEntries.map(([format]) => `jobs.export.${format}`),
  'report',
  'reports.add',
  'reports.list',
  'reports.get',
  'reports.edit',
  'reports.send',
  'reports.remove',
  'alerts.list',
  'alerts.snooze',
  'alerts.acknowledge',
  'channels.add',
  'channels.list',
  'channels.preview',
  'channels.get',
  'channels.edit',
  'channels.test',
  'channels.remove',
  'hooks.test',
  'hooks.deliveries',
  'hooks.retry',
  'hooks.discard',
  'jobs.pause',
  'jobs.resume',
  'jobs.pauseAll',
  'jobs.resumeAll',
  'sources.plan',
  'sources.add',
  'sources.list',
  'sources.get',
  'sources.edit',
  'sources.scan',
  'sources.entries',
  'sources.ignore',
  'sources.remove',
  'discoveries.plan',
  'discoveries.add',
  'discoveries.list',
  'discoveries.networks',
  'discoveries.get',
  'discoveries.edit',
  'discoveries.run',
  'discoveries.stop',
  'discoveries.runs',
  'discoveries.finds',
  'discoveries.addFinds',
  'discoveries.ignoreFinds',
  'discoveries.forgetFinds',
  'discoveries.remove',
  'check',
  'events',
  'transfer.export',
  'transfer.import',
  'status',
  'dismissInterruption',
  'jobs.remove',
  'jobs.removeMany',
  'access.get',
  'access.rotateToken',
];

describe('the running service keeps to it', () => {
  const ca = makeCa();
  const folder = temporaryFolder();
  let service: Service;
  let server: Awaited<ReturnType<typeof serveTls>>;
  let job: JobView;
  let alert: Alert;
  let fingerprint256: string;
  let source: { id: string; entry: string };
  let search = '';

  beforeAll(async () => {
    server = await serveTls(ca.issue({ notBeforeDays: -85, notAfterDays: 5 }), [ca]);
    service = await Service.start(folder.path);
    const target = { host: 'localhost', port: server.port };
    job = (await service.call('POST', '/jobs', { target, tags: ['shop'] })).body as JobView;
    const checked = (await service.call('POST', `/jobs/${job.id}/check`)).body as CheckResult;
    fingerprint256 = checked.certificate?.fingerprint256 ?? '';
    const alerts = (await service.call('GET', '/alerts?open=true')).body as { items: Alert[] };
    alert = alerts.items[0] as Alert;
    mkdirSync(folder.file('certs'));
    writeFileSync(folder.file('certs/web.pem'), ca.issue({ name: 'web.test' }).pem);
    const added = await service.call('POST', '/sources', {
      name: 'mine',
      paths: [folder.file('certs/web.pem')],
    });
    const { id } = added.body as { id: string };
    const { items } = (await service.call('GET', `/sources/${id}/entries`)).body as {
      items: { id: string }[];
    };
    source = { id, entry: items[0]?.id ?? '' };
    const saved = await service.call('POST', '/discoveries', { name: 'loopback', targets: ['127.26.5.1:9'] });
    search = (saved.body as { id: string }).id;
    await service.call('PATCH', '/settings', { webhooks: [{ name: 'ops', url: 'http://127.0.0.1:1/' }] });
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  /** The example as it is, but for the job, the alert and the host, which are those that are there. */
  const real = <Value>(value: Value): Value => {
    const text = JSON.stringify(value)
      ?.replaceAll(String(apiExamples['jobs.get']?.params?.['id']), job.id)
      .replaceAll(String(apiExamples['sources.get']?.params?.['id']), source.id)
      .replaceAll(String(apiExamples['discoveries.get']?.params?.['id']), search)
      .replaceAll('10.0.0.0/24', '127.26.5.0/30')
      .replaceAll('"mail.example.com"', '"127.26.5.9"')
      .replaceAll(exampleFingerprint, fingerprint256)
      .replaceAll('0a1b2c3d4e5f', source.entry)
      .replaceAll('/etc/letsencrypt/live', folder.file('certs'))
      .replaceAll('"host":"www.example.com"', `"host":"localhost","port":${server.port}`);
    return text === undefined ? value : (JSON.parse(text) as Value);
  };

  /** Returns the example of a call, about the job and the alert that are there. */
  const requestOf = (name: string) => {
    const example = real(apiExamples[name] ?? {});
    const query = Object.entries(example.query ?? {}).map(([key, value]) => [key, String(value)]);
    return {
      params: name === 'alerts.snooze' ? { id: alert.id } : (example.params ?? {}),
      query: new URLSearchParams(query),
      body: name === 'alerts.acknowledge' ? { ids: [alert.id] } : example.body,
    };
  };

  const send = (
    path: string,
    method: string,
    { params, query, body }: ReturnType<typeof requestOf>,
    signal: AbortSignal,
  ) => {
    const address = path.replace(/\{(\w+)\}/g, (_, key: string) => String(params[key]));
    const content =
      body === undefined
        ? { headers: {} }
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    return fetch(new URL(`api/v1${address}?${query}`, service.ready.url), {
      ...content,
      method: method.toUpperCase(),
      headers: { ...content.headers, authorization: `Bearer ${service.ready.token}` },
      signal,
    });
  };

  it('is exercised as a whole', () => {
    expect(order.toSorted()).toEqual(operations.map(({ operationId }) => operationId).sort());
  });

  it.each(order)('%s', async (name) => {
    const { path, method, requestBody, responses } = named(name);
    const place = ['paths', path, method];
    const request = requestOf(name);
    const bodySchema = [...place, 'requestBody', 'content', 'application/json', 'schema'];
    if (requestBody) expect(faults(bodySchema, request.body)).toEqual([]);
    const stop = new AbortController();
    const response = await send(path, method, request, stop.signal);
    const documented = responses[response.status];
    const failure = documented ? '' : await response.text();
    expect({ status: response.status, failure, isDocumented: documented !== undefined }).toMatchObject({
      isDocumented: true,
    });
    const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
    if (name === 'events') {
      expect(type).toBe('text/event-stream');
      await service.call('PATCH', '/settings', { checksAtOnce: 21 });
      const event = await firstEvent(response);
      expect(faults(['components', 'schemas', 'EngineEvent'], JSON.parse(event))).toEqual([]);
      stop.abort();
      return;
    }
    if (!documented?.content) return expect(await response.text()).toBe('');
    expect(Object.keys(documented.content)).toContain(type);
    const answer: unknown = type === 'application/json' ? await response.json() : await response.text();
    const schema = [...place, 'responses', String(response.status), 'content', type, 'schema'];
    expect(faults(schema, answer)).toEqual([]);
  });

  it('and answers errors as it says', async () => {
    const refused = await fetch(new URL('api/v1/jobs?limit=0', service.ready.url));
    expect(refused.status).toBe(401);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(faults(['components', 'schemas', 'ProblemDetails'], await refused.json())).toEqual([]);
  });
});

async function firstEvent(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const data = /^data: (.*)$/m.exec(text)?.[1];
    if (data !== undefined && text.includes('\n\n')) return data;
  }
  throw new Error('the stream ended without an event');
}

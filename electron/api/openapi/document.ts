import { OpenAPIGenerator } from '@orpc/openapi';
import { contract } from '../../../shared/contract/contract.ts';
import { alertSchema } from '../../../shared/schema/alert.ts';
import { certificateSchema } from '../../../shared/schema/certificate.ts';
import { channelViewSchema } from '../../../shared/schema/channels/channel-view.ts';
import { checkResultSchema, problemSchema } from '../../../shared/schema/check-result.ts';
import { discoveryPlanSchema } from '../../../shared/schema/discovery.ts';
import { engineEventSchema, engineStateSchema } from '../../../shared/schema/event.ts';
import {
  exportedJobSchema,
  historyEntrySchema,
  jobDetailSchema,
  jobViewSchema,
} from '../../../shared/schema/job.ts';
import { reportSchema } from '../../../shared/schema/report.ts';
import { reportScheduleViewSchema } from '../../../shared/schema/report-schedule.ts';
import {
  keptFindSchema,
  savedSearchViewSchema,
  searchRunSchema,
} from '../../../shared/schema/saved-search.ts';
import { scheduleSchema } from '../../../shared/schema/schedule.ts';
import { shownSettingsSchema } from '../../../shared/schema/settings.ts';
import { sourceEntrySchema, sourcePlanSchema, sourceViewSchema } from '../../../shared/schema/source.ts';
import { problemType } from '../http/problem-details.ts';
import { type ApiExample, apiExamples } from './examples.ts';
import { zodConverter } from './zod-converter.ts';

/** Schemas that many answers have in common, by the names under which the document holds them. */
const answered = {
  Alert: alertSchema,
  Certificate: certificateSchema,
  Channel: channelViewSchema,
  CheckResult: checkResultSchema,
  Discovery: savedSearchViewSchema,
  DiscoveryPlan: discoveryPlanSchema,
  DiscoveryRun: searchRunSchema,
  EngineEvent: engineEventSchema,
  EngineState: engineStateSchema,
  ExportedJob: exportedJobSchema,
  Find: keptFindSchema,
  HistoryEntry: historyEntrySchema,
  Job: jobViewSchema,
  JobDetail: jobDetailSchema,
  Problem: problemSchema,
  Report: reportSchema,
  ReportSchedule: reportScheduleViewSchema,
  Schedule: scheduleSchema,
  Settings: shownSettingsSchema,
  Source: sourceViewSchema,
  SourceEntry: sourceEntrySchema,
  SourcePlan: sourcePlanSchema,
};

/** RFC 9457. */
const problemDetails = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  properties: {
    type: { type: 'string', description: 'Always about:blank: the status says what kind of error it is.' },
    title: { type: 'string', description: 'What kind of error it is, in words.' },
    status: { type: 'integer', description: 'The HTTP status.' },
    detail: { type: 'string', description: 'What went wrong, as a sentence.' },
    errors: {
      type: 'array',
      description: 'What was refused, field by field.',
      items: {
        type: 'object',
        properties: {
          field: { type: 'string', description: 'Path of the field, joined by dots.' },
          message: { type: 'string', description: 'Why it was refused, as a sentence.' },
        },
        required: ['field', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail'],
} as const;

// The parts of the document that are gone through here; the rest passes as it is.
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: { description?: string };
  example?: unknown;
}
interface Content {
  schema?: object;
  example?: unknown;
}
interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { description: string; headers?: object; content?: Record<string, Content> }>;
}
interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

/** The API's description in OpenAPI 3.1, generated from the contract, with an example for every call. */
export async function describeApi(version: string): Promise<{ paths: Record<string, object> }> {
  const generator = new OpenAPIGenerator({ schemaConverters: [zodConverter()] });
  const generated = await generator.generate(contract, {
    info: {
      title: 'NotAfter',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Schedules checks of TLS certificates. Every call needs the header `Authorization: Bearer TOKEN`. Errors are problem details (RFC 9457). Who sends more than 2,000 requests in ten seconds, or 20 wrong tokens in a minute, is asked to wait (429).',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      // SAFETY: a schema in JSON, which the generator's type does not name.
      schemas: { ProblemDetails: problemDetails as never },
    },
    commonSchemas: Object.fromEntries(
      Object.entries(answered).map(([name, schema]) => [name, { strategy: 'output' as const, schema }]),
    ),
    customErrorResponseBodySchema: () => ({ $ref: '#/components/schemas/ProblemDetails' }),
  });
  // SAFETY: the generator has just made it so; its own types leave most of it open.
  const document = generated as unknown as ApiDocument;
  for (const operation of Object.values(document.paths).flatMap((methods) => Object.values(methods)))
    complete(operation);
  return document;
}

const revisionHeader = {
  etag: { description: 'The revision, for If-Match (RFC 9110 §8.8.3).', schema: { type: 'string' } },
};

/** Request headers that calls know beside their fields. */
const requestHeaders: Readonly<
  Record<string, readonly [name: string, description: string, example: string]>
> = {
  'jobs.add': [
    'Idempotency-Key',
    'Names this request: sent again with the same key, it answers the job that it added and adds none.',
    '5f0c6a1e-0d7b-4b6e-9d9c-1f2f4a8a1c11',
  ],
  'jobs.edit': [
    'If-Match',
    'The ETag that was read: where the job has another by now, nothing is done (412).',
    '"u1Gm8bYc0dWq3xZk"',
  ],
  'jobs.remove': ['If-Match', 'As for PATCH.', '"u1Gm8bYc0dWq3xZk"'],
  ...Object.fromEntries(
    ['channels', 'reports'].flatMap((subject) => [
      [
        `${subject}.edit`,
        [
          'If-Match',
          'The ETag that was read: where it is another by now, nothing is done (412).',
          '"k3x0uN2pQ8sVb1Yt"',
        ],
      ],
      [`${subject}.remove`, ['If-Match', 'As for PATCH.', '"k3x0uN2pQ8sVb1Yt"']],
    ]),
  ),
  'discoveries.edit': [
    'If-Match',
    'The ETag that was read: where the search has another by now, nothing is done (412).',
    '"Qm3vT0c9aXr1LkZe"',
  ],
  'discoveries.remove': ['If-Match', 'As for PATCH.', '"Qm3vT0c9aXr1LkZe"'],
  events: [
    'Last-Event-ID',
    'The id of the event that was heard last: events go on after it.',
    '4be2b0f4a1c9-17',
  ],
};

const answersRevision = [
  ...['jobs.add', 'jobs.get', 'jobs.edit', 'jobs.pause', 'jobs.resume'],
  ...['discoveries.add', 'discoveries.get', 'discoveries.edit'],
  ...['channels.add', 'channels.get', 'channels.edit'],
  ...['reports.add', 'reports.get', 'reports.edit'],
];

function complete(operation: Operation): void {
  const example = apiExamples[operation.operationId];
  if (!example) throw new Error(`${operation.operationId} has no example`);
  const parameters = parametersOf(operation, example);
  if (parameters.length > 0) operation.parameters = parameters;
  for (const content of Object.values(operation.requestBody?.content ?? {})) content.example = example.body;
  if (operation.operationId === 'jobs.import' && operation.requestBody)
    Object.assign(operation.requestBody.content, textBodies(example));
  for (const [status, response] of Object.entries(operation.responses)) {
    if (status.startsWith('2')) completeAnswer(operation.operationId, response, example);
    else response.content = { [problemType]: { schema: problemReference } };
  }
  const content = { [problemType]: { schema: problemReference, example: refusal } };
  operation.responses['400'] ??= {
    description: 'The request was refused, with a sentence for each field.',
    content,
  };
  operation.responses['401'] ??= {
    description: 'The token is missing or wrong.',
    content: { [problemType]: { schema: problemReference } },
  };
  operation.responses['default'] = { description: 'What went wrong.', content };
}

/** Parameters with the headers that the contract does not know, each described and with its example. */
function parametersOf({ operationId, parameters: own = [] }: Operation, example: ApiExample): Parameter[] {
  const header = requestHeaders[operationId];
  // The body's own description has the content type.
  const parameters = own.filter(({ name }) => name !== 'content-type');
  if (header) {
    const [name, description, value] = header;
    // SAFETY: a schema of OpenAPI is an object whose members this module does not look at.
    parameters.push({
      name,
      in: 'header',
      description,
      schema: { type: 'string' } as object,
      example: value,
    });
  }
  for (const parameter of parameters) {
    parameter.description ??= parameter.schema?.description ?? '';
    const given = { ...example.params, ...example.query }[parameter.name];
    if (given !== undefined) parameter.example = given;
  }
  return parameters;
}

const problemReference = { $ref: '#/components/schemas/ProblemDetails' };

const refusal = {
  type: 'about:blank',
  title: 'Bad request',
  status: 400,
  detail: 'target.host: Enter a host name or an IP address.',
  errors: [{ field: 'target.host', message: 'Enter a host name or an IP address.' }],
};

/** The contract has each export as a file; of the JSON it is known what is in it. */
const exportedJobs = {
  type: 'object',
  required: ['jobs'],
  properties: {
    jobs: {
      type: 'array',
      description: 'Every job, without what only this machine knows.',
      items: { $ref: '#/components/schemas/ExportedJob' },
    },
  },
};

/** A report in each of its formats; the example is the JSON. */
const reportAnswers = {
  'application/json': { schema: { $ref: '#/components/schemas/Report' } },
  ...Object.fromEntries(
    ['text/html', 'text/plain', 'text/csv'].map((type) => [type, { schema: { type: 'string' } }]),
  ),
  'application/pdf': { schema: { type: 'string', format: 'binary' } },
};

function completeAnswer(
  operationId: string,
  response: Operation['responses'][string],
  example: ApiExample,
): void {
  if (answersRevision.includes(operationId)) response.headers = revisionHeader;
  if (example.answer === undefined) delete response.content; // 204: nothing is answered.
  if (operationId === 'jobs.export.json') response.content = { 'application/json': { schema: exportedJobs } };
  if (operationId === 'report') response.content = reportAnswers;
  for (const [type, content] of Object.entries(response.content ?? {})) {
    if (operationId !== 'report' || type === 'application/json') content.example = example.answer;
    // What oRPC writes of a stream: the event's own lines around our data.
    if (type === 'text/event-stream')
      content.schema = {
        type: 'string',
        description: 'Server-sent events: `data` is an EngineEvent as JSON, `id` is for Last-Event-ID.',
      };
  }
}

function textBodies(example: ApiExample): Record<string, Content> {
  const schema = {
    type: 'string',
    description: 'One host a line, CSV with a header, YAML or command lines.',
  };
  return {
    'text/plain': { schema, example: 'www.example.com\nmail.example.com:587\n' },
    'text/csv': { schema, example: 'host,port,tags\nwww.example.com,443,shop;public\n' },
    'application/yaml': { schema, example: '- targets: [www.example.com]\n  labels: {team: shop}\n' },
    'application/json': {
      schema: { description: 'Our own export, or another format’s JSON.' },
      example: example.body,
    },
  };
}

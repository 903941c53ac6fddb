import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '../../.github/workflows');

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, unknown>;
}
interface Job {
  uses?: string;
  secrets?: unknown;
  environment?: string;
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  steps?: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: object;
  concurrency?: { group: string; 'cancel-in-progress': boolean };
  jobs: Record<string, Job>;
}

const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  return { name, text, workflow: parse(text) as Workflow };
});
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([job, content]) => ({ name: `${name}: ${job}`, content })),
);

describe('the workflows', () => {
  it.each(workflows)('$name pins each action by commit, with its version beside it', ({ text }) => {
    const uses = [...text.matchAll(/uses: (\S+)(.*)/g)].filter(([, action = '']) => !action.startsWith('./'));
    expect(uses.length).toBeGreaterThan(0);
    for (const [, action, comment] of uses) {
      expect(action).toMatch(/@[0-9a-f]{40}$/);
      expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
  });

  it.each(workflows)(
    '$name grants nothing that a job does not ask for, and says what happens to older runs',
    ({ workflow }) => {
      expect(workflow.permissions).toEqual({});
      expect(workflow.concurrency?.group).toContain('github.ref');
    },
  );

  it.each(jobs)('$name names its permissions and ends by itself', ({ content }) => {
    expect(content.permissions).toBeDefined();
    if (content.uses === undefined) expect(content['timeout-minutes'] ?? 60).toBeLessThanOrEqual(60);
  });

  it.each(jobs)('$name keeps no credentials in its checkout', ({ content }) => {
    for (const step of content.steps ?? [])
      if (step.uses?.startsWith('actions/checkout')) expect(step.with?.['persist-credentials']).toBe(false);
  });

  it('run only scripts that package.json has, and only files and programs of this repository', () => {
    const { scripts } = JSON.parse(readFileSync(join(folder, '../../package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const runs = [...jobs.flatMap(({ content }) => content.steps ?? [])].flatMap(({ run }) => run ?? []);
    const started = runs.flatMap((run) =>
      [...run.matchAll(/npm (?:run )?([\w:-]+)/g)].map(([, name = '']) => name),
    );
    expect(started.length).toBeGreaterThan(5);
    // `npm ci` is npm's own; `npm test` and `npm start` are scripts.
    expect(started.filter((name) => name !== 'ci' && !(name in scripts))).toEqual([]);
    const files = runs.flatMap((run) => run.match(/(?:^|\s)((?:\.github|test|build)\/[\w./-]+)/gm) ?? []);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files)
      expect([file, existsSync(join(folder, '../..', file.trim()))]).toEqual([file, true]);
  });

  it('give Chromium’s sandbox its helper where runners keep user namespaces from it', () => {
    const steps = jobs.find(({ name }) => name === 'ci.yml: test')?.content.steps ?? [];
    const helper = steps.findIndex(({ run }) =>
      /chown root:root[\s\S]+chmod 4755[\s\S]+chrome-sandbox/.test(run ?? ''),
    );
    const first = steps.findIndex(({ run }) => /npm (test|run test:e2e)/.test(run ?? ''));
    expect(helper).toBeGreaterThan(-1);
    expect(helper).toBeLessThan(first);
  });

  it('are checked by zizmor, every finding of which fails', () => {
    const { content } = jobs.find(({ name }) => name === 'ci.yml: workflows') ?? {};
    const zizmor = content?.steps?.find(({ uses }) => uses?.startsWith('zizmorcore/zizmor-action@'));
    expect(zizmor?.with).toMatchObject({ 'advanced-security': false });
    expect(content?.permissions).toEqual({ contents: 'read' });
  });

  it('restore no cache where packages are signed: what another job left there would be signed too', () => {
    const release = workflows.find(({ name }) => name === 'release.yml');
    // actions/setup-node caches by itself where package.json names a package manager.
    const setups = release?.text.match(/actions\/setup-node/g) ?? [];
    expect(release?.text.match(/package-manager-cache: false/g)).toHaveLength(setups.length);
    expect(release?.text.replaceAll('package-manager-cache: false', '')).not.toMatch(/cache/);
    expect(release?.workflow.concurrency?.['cancel-in-progress']).toBe(false);
  });

  it('run the desktop specs and the packed app under X, under Wayland, on macOS and on Windows', () => {
    const ci = workflows.find(({ name }) => name === 'ci.yml')?.text ?? '';
    for (const what of [
      'display: x11',
      'display: wayland',
      'macos-latest',
      'windows-latest',
      'test:packaged',
    ])
      expect(ci).toContain(what);
  });
});

/** zizmor's audits of most weight, which hold where it cannot be had: https://docs.zizmor.sh/audits/ */
describe('zizmor’s main audits', () => {
  it.each(jobs)('$name puts no value of its run into a script (template-injection)', ({ content }) => {
    for (const { run, with: input, uses } of content.steps ?? []) {
      expect(run ?? '').not.toContain('${{');
      if (uses?.startsWith('actions/github-script')) expect(input?.['script']).not.toContain('${{');
    }
  });

  it.each(workflows)(
    '$name starts by nothing that runs others’ code with our rights (dangerous-triggers)',
    ({ workflow }) => {
      const known = ['push', 'pull_request', 'schedule', 'workflow_call', 'workflow_dispatch'];
      expect(Object.keys(workflow.on).filter((trigger) => !known.includes(trigger))).toEqual([]);
    },
  );

  it('a job writes only what it makes (excessive-permissions)', () => {
    const writing = jobs.flatMap(({ name, content }) =>
      Object.entries(content.permissions ?? {}).flatMap(([what, right]) =>
        right === 'read' || right === 'none' ? [] : [`${name}, ${what}: ${right}`],
      ),
    );
    expect(writing.sort()).toEqual([
      'codeql.yml: analyze, security-events: write',
      'release.yml: draft, attestations: write',
      'release.yml: draft, contents: write',
      'release.yml: draft, id-token: write',
      'release.yml: package, id-token: write',
    ]);
  });

  it('a secret is read by single steps of a job in an environment (secrets-outside-env, secrets-inherit)', () => {
    for (const { name, content } of jobs) {
      expect([name, content.secrets]).toEqual([name, undefined]);
      const reads = JSON.stringify(content).includes('secrets.');
      if (reads) expect([name, content.environment]).toEqual([name, 'release']);
    }
    for (const { text } of workflows) expect(text).not.toMatch(/toJSON\(secrets\)|secrets: inherit/);
  });

  it('Azure is logged in to by the workflow’s token, and keeps no secret here', () => {
    const steps = jobs.find(({ name }) => name === 'release.yml: package')?.content.steps ?? [];
    const login = steps.find(({ uses }) => uses?.startsWith('azure/login@'));
    expect(login?.with).toMatchObject({ 'client-id': expect.stringContaining('vars.') });
    expect(JSON.stringify(login)).not.toContain('secrets.');
    expect(JSON.stringify(steps)).not.toMatch(/AZURE_CLIENT_SECRET/);
    const order = steps.map(({ uses, run }) => uses?.split('@')[0] ?? run);
    expect(order.indexOf('azure/login')).toBeLessThan(order.indexOf('npm run package'));
  });
});

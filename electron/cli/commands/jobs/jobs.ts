import { Command, Option } from 'commander';
import { importFormats } from '../../../../shared/contract/import-report.ts';
import { jobSorts } from '../../../../shared/contract/jobs.ts';
import { exportFormats } from '../../../../shared/domain/export-formats.ts';
import { problemCodeSchema } from '../../../../shared/schema/check-result.ts';
import { jobStatusSchema } from '../../../../shared/schema/job.ts';
import { findRemote } from '../../api-client.ts';
import type { CommandContext } from '../../commands.ts';
import { type CheckFormat, checkFormats } from '../../formats/check-formats.ts';
import { collect, readNumber, readStarttls, starttlsChoices } from '../../options.ts';
import { type AcceptOptions, acceptProblem, unacceptProblem } from './accept.ts';
import { checkJobs } from './check.ts';
import { addJobs, editJob, type JobFields, pauseJobs, removeJobs, resumeJobs } from './edit.ts';
import { explainJob } from './explain.ts';
import type { JobsContext } from './find.ts';
import { runExport, runImport } from './import-export.ts';
import { type ListOptions, listFormats, listJobs } from './list.ts';

interface Data {
  data?: string;
}

const which = '[JOB...]';
const whichWords = 'jobs by id, target (host:port) or name';

/** `notafter jobs …`: what is done to the jobs of a running app or service. */
export function command({ output, onStatus }: CommandContext): Command {
  const jobs = new Command('jobs')
    .description('list, add, change and check the jobs of a running app or service')
    .exitOverride()
    .addHelpText(
      'after',
      `
The app or service is found by its data folder; the desktop app answers once the API is turned on in its settings.
Exit status: 0; of check the worst result; 1 where import could not read all; 64 refused, 66 no such job, 69 nothing runs.

Examples:
  notafter jobs list --sort expiry --tag shop
  notafter jobs add www.example.com mail.example.com:587 --tag shop --schedule '0 6 * * *' --warning 20
  notafter jobs edit www.example.com --schedule adaptive --warning '30 %'
  notafter jobs pause www.example.com --for 60
  notafter jobs accept vault.internal:8200 --problem untrusted-issuer --reason 'New root by Dec 1' --until 2026-12-01
  notafter jobs import uptime-kuma-backup.json --dry-run
  notafter jobs export --format ics --output expiries.ics
  notafter jobs check --all --format nagios`,
    );
  const sub = (name: string, description: string) =>
    jobs
      .command(name)
      .description(description)
      .option('--data <DIR>', 'data folder; the desktop app’s own unless given')
      .exitOverride();
  const on = ({ data }: Data): JobsContext => ({ remote: findRemote(data), output });

  sub('list', 'list jobs, the most urgent first')
    .addOption(new Option('--status <STATUS>', 'only jobs that stand so').choices(jobStatusSchema.options))
    .option('--tag <TAG>', 'only jobs that carry this tag')
    .option('--search <WORDS>', 'part of a host, name, issuer or tag')
    .addOption(new Option('--sort <ORDER>', 'the order').choices(jobSorts).default('urgency'))
    .option('--limit <N>', 'at most so many', readNumber('N', 1, 10_000, true), 1000)
    .addOption(new Option('--format <FORMAT>', 'how they are printed').choices(listFormats).default('table'))
    .action(({ data, ...options }: Data & ListOptions) =>
      listJobs(on({ ...(data ? { data } : {}) }), options),
    );

  withFields(
    sub('add', 'add jobs; their first checks run at once').argument('<HOST[:PORT]...>', 'what to watch'),
  ).action((hosts: string[], options: Data & JobFields) => addJobs(on(options), hosts, options));
  withFields(sub('edit', 'change a job').argument('<JOB>', 'a job by id, target (host:port) or name'))
    .option('--host <HOST>', 'another host')
    .option('--port <PORT>', 'another port', readNumber('PORT', 1, 65_535, true))
    .action((job: string, options: Data & JobFields & { host?: string; port?: number }) =>
      editJob(on(options), job, options),
    );
  sub('remove', 'delete jobs and their history')
    .argument(which, whichWords)
    .option('--all', 'every job', false)
    .action((words: string[], options: Data & { all: boolean }) =>
      removeJobs(on(options), words, options.all),
    );
  sub('pause', 'pause jobs, or all checks')
    .argument(which, whichWords)
    .option('--all', 'all checks', false)
    .option('--for <MINUTES>', 'for so long', readNumber('MINUTES', 1, 527_040))
    .option('--until <TIME>', 'until then, such as 2026-11-26T08:00:00Z')
    .action((words: string[], options: Data & { all: boolean; for?: number; until?: string }) =>
      pauseJobs(on(options), words, options),
    );
  sub('resume', 'resume jobs, or all checks')
    .argument(which, whichWords)
    .option('--all', 'all checks', false)
    .action((words: string[], options: Data & { all: boolean }) =>
      resumeJobs(on(options), words, options.all),
    );
  const problem = () =>
    new Option('--problem <CODE>', 'which problem, by its code').choices(problemCodeSchema.options);
  sub('accept', 'accept a problem of a host: it counts in neither status nor alerts')
    .argument('<JOB>', 'its id, its target or its name')
    .addOption(problem().makeOptionMandatory())
    .requiredOption('--reason <TEXT>', 'why')
    .option('--until <DATE>', 'through that day, until a time, changed (the default) or undone')
    .action((word: string, options: Data & AcceptOptions) => acceptProblem(on(options), word, options));
  sub('unaccept', 'have an accepted problem count again')
    .argument('<JOB>', 'its id, its target or its name')
    .addOption(problem().makeOptionMandatory())
    .action((word: string, options: Data & AcceptOptions) => unacceptProblem(on(options), word, options));
  sub('explain', 'say why you were, or were not, notified of a host')
    .argument('<JOB>', 'its id, its target or its name')
    .option('--json', 'print JSON', false)
    .action((word: string, options: Data & { json: boolean }) => explainJob(on(options), word, options));

  sub('check', 'check jobs now and print what was found')
    .argument(which, whichWords)
    .option('--all', 'every job', false)
    .addOption(
      new Option('--format <FORMAT>', 'how results are printed').choices(checkFormats).default('text'),
    )
    .action(async (words: string[], options: Data & { all: boolean; format: CheckFormat }) =>
      onStatus(await checkJobs(on(options), words, options)),
    );
  sub(
    'import',
    'add jobs from a file: hosts, CSV, our JSON, Uptime Kuma, Prometheus targets, check_ssl_cert lines',
  )
    .argument('<FILE>', 'what to read; - reads standard input')
    .addOption(
      new Option('--format <FORMAT>', 'format of the file; detected by default').choices(importFormats),
    )
    .option('--dry-run', 'only say what would happen', false)
    .option('--json', 'print the report as JSON', false)
    .action(async (path: string, options: Data & Parameters<typeof runImport>[2]) =>
      onStatus(await runImport(on(options), path, options)),
    );
  sub(
    'export',
    'write all jobs: as JSON to be imported again, CSV, a calendar of expiries, or their certificates',
  )
    .addOption(
      new Option('--format <FORMAT>', 'what is written').choices(Object.keys(exportFormats)).default('json'),
    )
    .option('--output <FILE>', 'where to; standard output unless given')
    .action((options: Data & Parameters<typeof runExport>[1]) => runExport(on(options), options));
  return jobs;
}

function withFields(parent: Command): Command {
  return parent
    .addOption(
      new Option(
        '--starttls <PROTO>',
        'upgrade the plain connection by this protocol; none: TLS from the first byte',
      )
        .choices(starttlsChoices)
        .argParser(readStarttls),
    )
    .option('--servername <NAME>', 'name to send as SNI and to look for in the certificate')
    .option('--name <NAME>', 'what people call it')
    .option('--tag <TAG>', 'a word to group it by; may be repeated; an empty one clears them', collect)
    .option('--notes <TEXT>', 'free text')
    .option('--schedule <WHEN>', 'adaptive, minutes, or a cron pattern')
    .option('--timezone <ZONE>', 'time zone of a cron pattern, such as Europe/Berlin')
    .option('--warning <WHEN>', 'warn below so many days, or a share of the lifetime: 20, “30 %”')
    .option('--critical <WHEN>', 'critical below so many days, or a share of the lifetime')
    .option('--ca <FILE>', 'PEM file with certificates that it trusts; may be repeated', collect)
    .option('--paused', 'leave it alone until it is resumed');
}

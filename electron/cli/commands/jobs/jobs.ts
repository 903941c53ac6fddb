import { Command, Option } from 'commander';
import { importFormats } from '../../../../shared/contract/import-report.ts';
import { jobSorts } from '../../../../shared/contract/jobs.ts';
import { exportFormats } from '../../../../shared/domain/export-formats.ts';
import { problemCodeSchema } from '../../../../shared/schema/check-result.ts';
import { jobStatusSchema } from '../../../../shared/schema/job.ts';
import { contextFor, type DataOption, subcommandsOf } from '../../command-group.ts';
import type { CommandContext } from '../../commands.ts';
import { withConnectionOptions } from '../../connection-options.ts';
import { type CheckFormat, checkFormats } from '../../formats/check-formats.ts';
import { collect, readNumber, readStarttls, starttlsChoices } from '../../options.ts';
import { type AcceptOptions, acceptProblem, unacceptProblem } from './accept.ts';
import { checkJobs } from './check.ts';
import { addJobs, editJob, type JobFields, pauseJobs, removeJobs, resumeJobs } from './edit.ts';
import { explainJob } from './explain.ts';
import { runExport, runImport } from './import-export.ts';
import { type ListOptions, listFormats, listJobs } from './list.ts';

const which = '[JOB...]';
const whichWords = 'jobs by id, target (host:port) or name';

/** `notafter jobs …`: what is done to the jobs of a running app or service. */
export function command({ output, onStatus }: CommandContext): Command {
  const jobs = new Command('jobs')
    .description('list, add, edit and check the jobs of the running app or service')
    .exitOverride()
    .addHelpText(
      'after',
      `
The app or service is found by its data folder; the desktop app answers once the API is turned on in its settings.
Exit status: 0; of check the worst result, or 69 where some hosts were not checked and the others are ok; 1 if import could not read everything; 64 refused, 66 no such job, 69 NotAfter is not running.

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
  const sub = subcommandsOf(jobs);
  const on = contextFor(output);

  sub('list', 'list jobs, most urgent first')
    .addOption(new Option('--status <STATUS>', 'only jobs with this status').choices(jobStatusSchema.options))
    .option('--tag <TAG>', 'only jobs with this tag')
    .option('--search <WORDS>', 'part of a host, name, issuer or tag')
    .addOption(new Option('--sort <ORDER>', 'the order').choices(jobSorts).default('urgency'))
    .option('--limit <N>', 'maximum number of jobs', readNumber('N', 1, 10_000, true), 1000)
    .addOption(new Option('--format <FORMAT>', 'how they are printed').choices(listFormats).default('table'))
    .action(({ data, ...options }: DataOption & ListOptions) =>
      listJobs(on({ ...(data ? { data } : {}) }), options),
    );

  withFields(
    'add',
    sub('add', 'add jobs and check them immediately').argument(
      '<HOST[:PORT]...>',
      'hosts or certificate files to watch',
    ),
  )
    .option('--paused', 'add the jobs paused')
    .option('--duplicate', 'add a job for a target that has one already')
    .action((hosts: string[], options: DataOption & JobFields) => addJobs(on(options), hosts, options));
  withFields('edit', sub('edit', 'edit a job').argument('<JOB>', 'a job by id, target (host:port) or name'))
    .option('--host <HOST>', 'another host')
    .option('--port <PORT>', 'another port', readNumber('PORT', 1, 65_535, true))
    .option('--paused', 'pause the job')
    .option('--no-all-addresses', 'check the first address that answers')
    .option('--no-both-certificates', 'request one certificate')
    .action((job: string, options: DataOption & JobFields & { host?: string; port?: number }) =>
      editJob(on(options), job, options),
    );
  sub('remove', 'delete jobs and their history')
    .argument(which, whichWords)
    .option('--all', 'every job', false)
    .action((words: string[], options: DataOption & { all: boolean }) =>
      removeJobs(on(options), words, options.all),
    );
  sub('pause', 'pause jobs, or all checks')
    .argument(which, whichWords)
    .option('--all', 'all checks', false)
    .option('--for <MINUTES>', 'length of the pause in minutes', readNumber('MINUTES', 1, 527_040))
    .option('--until <TIME>', 'end of the pause, such as 2026-11-26T08:00:00Z')
    .action((words: string[], options: DataOption & { all: boolean; for?: number; until?: string }) =>
      pauseJobs(on(options), words, options),
    );
  sub('resume', 'resume jobs, or all checks')
    .argument(which, whichWords)
    .option('--all', 'all checks', false)
    .action((words: string[], options: DataOption & { all: boolean }) =>
      resumeJobs(on(options), words, options.all),
    );
  const problem = () =>
    new Option('--problem <CODE>', 'code of the problem').choices(problemCodeSchema.options);
  sub('accept', 'accept a problem of a host, so that it counts in neither status nor alerts')
    .argument('<JOB>', 'a job by id, target (host:port) or name')
    .addOption(problem().makeOptionMandatory())
    .requiredOption('--reason <TEXT>', 'why')
    .option('--until <DATE>', 'a date (through that day), a time, changed (default) or undone')
    .action((word: string, options: DataOption & AcceptOptions) => acceptProblem(on(options), word, options));
  sub('unaccept', 'stop accepting a problem')
    .argument('<JOB>', 'a job by id, target (host:port) or name')
    .addOption(problem().makeOptionMandatory())
    .action((word: string, options: DataOption & AcceptOptions) =>
      unacceptProblem(on(options), word, options),
    );
  sub('explain', 'explain why you were, or were not, notified about a host')
    .argument('<JOB>', 'a job by id, target (host:port) or name')
    .option('--json', 'print JSON', false)
    .action((word: string, options: DataOption & { json: boolean }) =>
      explainJob(on(options), word, options),
    );

  sub('check', 'check jobs now and print what was found')
    .argument(which, whichWords)
    .option('--all', 'every job', false)
    .addOption(new Option('--format <FORMAT>', 'output format').choices(checkFormats).default('text'))
    .action(async (words: string[], options: DataOption & { all: boolean; format: CheckFormat }) =>
      onStatus(await checkJobs(on(options), words, options)),
    );
  sub(
    'import',
    'add jobs from a file: hosts, CSV, our JSON, Uptime Kuma, Prometheus targets, Gatus, /etc/hosts, check_ssl_cert and check_http lines',
  )
    .argument('<FILE>', 'file to import; - reads standard input')
    .addOption(
      new Option('--format <FORMAT>', 'format of the file (default: detected)').choices(importFormats),
    )
    .option('--dry-run', 'preview the import without changing anything', false)
    .option('--json', 'print the report as JSON', false)
    .action(async (path: string, options: DataOption & Parameters<typeof runImport>[2]) =>
      onStatus(await runImport(on(options), path, options)),
    );
  sub('export', 'export jobs as JSON for import, CSV, an expiry calendar, or certificates')
    .addOption(
      new Option('--format <FORMAT>', 'export format').choices(Object.keys(exportFormats)).default('json'),
    )
    .option('--tag <TAG>', 'only jobs with this tag')
    .option('--output <FILE>', 'output file (default: standard output)')
    .action((options: DataOption & Parameters<typeof runExport>[1]) => runExport(on(options), options));
  return jobs;
}

function withFields(use: 'add' | 'edit', parent: Command): Command {
  const unset = (words: string) => (use === 'add' ? ` (default: ${words})` : '');
  return withConnectionOptions(parent)
    .addOption(
      new Option(
        '--starttls <PROTO>',
        `STARTTLS protocol; none: TLS from the first byte${unset('by the port')}`,
      )
        .choices(starttlsChoices)
        .argParser(readStarttls),
    )
    .option('--servername <NAME>', 'name to send as SNI and to verify in the certificate')
    .option('--name <NAME>', 'display name')
    .option('--tag <TAG>', 'tag; may be repeated; an empty one removes all tags', collect)
    .option('--notes <TEXT>', 'free text')
    .option('--schedule <WHEN>', `adaptive, an interval in minutes, or a cron pattern${unset('adaptive')}`)
    .option(
      '--timezone <ZONE>',
      `time zone of a cron pattern, such as Europe/Berlin${unset('that of the service')}`,
    )
    .option(
      '--warning <WHEN>',
      `warning threshold in days or percent of the lifetime: 20, “30 %”${unset('a quarter of the lifetime, at most 30 days')}`,
    )
    .option(
      '--critical <WHEN>',
      `critical threshold in days or percent of the lifetime${unset('a tenth of the lifetime, at most 7 days')}`,
    )
    .option(
      '--notify-at <POINTS>',
      'also notify at these points before expiry: “60, 30, 14, 7”; empty: inherit from tags and settings',
    )
    .option(
      '--ca <FILE>',
      'PEM file with certificates to trust; may be repeated; an empty one removes all',
      collect,
    )
    .option(
      '--passphrase-file <FILE>',
      'file whose first line is the passphrase of a PKCS#12 file or of the client key; empty: none',
    );
}

import { Command, Option } from 'commander';
import { reportFormats } from '../../../shared/schema/report.ts';
import { forTerminal } from '../../../shared/text/foreign-text.ts';
import type { findRemote as FindRemote } from '../api-client.ts';
import { dataOption } from '../command-group.ts';
import type { CommandContext } from '../commands.ts';
import { UsageError } from '../exit-status.ts';
import { readNumber } from '../options.ts';

type Remote = ReturnType<typeof FindRemote>;

interface ReportCommandOptions {
  days: number;
  tag?: string;
  format: (typeof reportFormats)[number];
  output?: string;
  send?: string;
  data?: string;
}

/** Describes `notafter report`. */
export function command({ output, onStatus }: CommandContext): Command {
  return new Command('report')
    .description('report what expires and what needs attention, worst first')
    .option('--days <N>', 'number of days to look ahead', readNumber('N', 7, 400, true), 90)
    .option('--tag <TAG>', 'only jobs with this tag')
    .addOption(
      new Option('--format <FORMAT>', 'format of the report; pdf: the desktop app')
        .choices([...reportFormats])
        .default('text'),
    )
    .option('--output <FILE>', 'output file (default: standard output)')
    .option('--send <NAME>', 'send the scheduled report of this name now, instead of printing one')
    .addOption(dataOption())
    .addHelpText(
      'after',
      `
A tag such as owner:web fills the column “Owner”.
Exit status: 0; 1 where a scheduled report could not be sent whole; 64 for a usage error, 69 if NotAfter is not running.

Examples:
  notafter report --days 30
  notafter report --tag shop --format html --output report.html
  notafter report --format csv --output report.csv
  notafter report --send weekly`,
    )
    .exitOverride()
    .action(async ({ data, output: path, send: name, ...query }: ReportCommandOptions) => {
      const [{ findRemote }, { writeOutput }] = await Promise.all([
        import('../api-client.ts'),
        import('../text-files.ts'),
      ]);
      if (name !== undefined) return onStatus(await sendReport(findRemote(data), name, output));
      if (query.format === 'pdf' && path === undefined)
        throw new UsageError('A PDF is a file. Add --output FILE.');
      const report = await findRemote(data).report(query);
      writeOutput(query.format === 'pdf' ? await report.bytes() : await report.text(), path, output);
    });
}

/** @returns 0, or 1 where something of it failed */
async function sendReport(remote: Remote, name: string, output: NodeJS.WritableStream): Promise<number> {
  const { channels, file, problem } = await remote.reports.send({ name });
  const lines = [
    ...channels.map((channel) => `Sending ${name} to ${channel}.`),
    ...(file === null ? [] : [`Wrote ${file}.`]),
    ...(problem === null ? [] : [problem]),
  ];
  output.write(lines.map((line) => `${forTerminal(line)}\n`).join(''));
  return problem === null ? 0 : 1;
}

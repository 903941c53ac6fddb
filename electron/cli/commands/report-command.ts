import { Command, Option } from 'commander';
import { type ReportFormat, reportFormats } from '../../../shared/schema/report.ts';
import type { CommandContext } from '../commands.ts';
import { readNumber } from '../options.ts';

interface ReportCommandOptions {
  days: number;
  tag?: string;
  format: ReportFormat;
  output?: string;
  data?: string;
}

/** Describes `notafter report`. */
export function command({ output }: CommandContext): Command {
  return new Command('report')
    .description('report what expires and what needs attention, worst first')
    .option('--days <N>', 'number of days to look ahead', readNumber('N', 7, 400, true), 90)
    .option('--tag <TAG>', 'only jobs with this tag')
    .addOption(
      new Option('--format <FORMAT>', 'format of the report').choices([...reportFormats]).default('text'),
    )
    .option('--output <FILE>', 'output file (default: standard output)')
    .option('--data <DIR>', 'data folder (default: that of the desktop app)')
    .addHelpText(
      'after',
      `
A tag such as owner:web fills the column “Owner”.
Exit status: 0; 64 for a usage error, 69 if NotAfter is not running.

Examples:
  notafter report --days 30
  notafter report --tag shop --format html --output report.html
  notafter report --format csv --output report.csv`,
    )
    .exitOverride()
    .action(async ({ data, output: path, ...query }: ReportCommandOptions) => {
      const [{ findRemote }, { writeOutput }] = await Promise.all([
        import('../api-client.ts'),
        import('../text-files.ts'),
      ]);
      const report = await findRemote(data).report(query);
      writeOutput(await report.text(), path, output);
    });
}

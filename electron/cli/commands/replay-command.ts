import { Command } from 'commander';
import type { CommandContext } from '../commands.ts';

/** Describes `notafter replay`. */
export function command({ output }: CommandContext): Command {
  return new Command('replay')
    .description(
      'run a history of results through the alert policy and print the notifications it would have sent',
    )
    .argument('<FILE>', 'results as JSON or JSON lines; - reads standard input')
    .option('--json', 'print them as JSON lines', false)
    .addHelpText(
      'after',
      `
A history is what GET /api/v1/jobs/{id}/history or check --json give, or lines written by hand:
  {"settings": {"thresholds": {"warning": {"days": 20}, "critical": null}, "quietHours": {"from": "22:00", "to": "07:00"}}}
  {"job": {"host": "www.example.com", "tags": ["shop"]}}
  {"at": "2026-11-24T10:00:00Z", "host": "www.example.com", "certificate": {"validFrom": "2026-09-01T00:00:00Z", "validTo": "2026-11-30T00:00:00Z"}}
  {"at": "2026-11-25T10:00:00Z", "host": "www.example.com", "unreachable": "Nothing listens on port 443."}

Examples:
  notafter replay history.jsonl
  curl -s -H "Authorization: Bearer $TOKEN" "$URL/api/v1/jobs/$ID/history?limit=10000" | notafter replay -`,
    )
    .exitOverride()
    .action(async (path: string, options: { json: boolean }) => {
      const { runReplay } = await import('./replay.ts');
      return runReplay(path, options, output);
    });
}

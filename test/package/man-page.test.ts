import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manPage } from '../../build/package/man-page.ts';
import { commands } from '../../electron/cli/commands.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

describe('the manual page', () => {
  it('has every command of the table, its options and its examples, and is ASCII', async () => {
    const page = await manPage('1.2.3', '2026-11-26');
    expect(page.split('\n')[0]).toBe('.TH NOTAFTER 1 2026-11-26 "NotAfter 1.2.3" "User Commands"');
    for (const name of Object.keys(commands)) expect(page).toContain(`.SS "notafter ${name} `);
    expect(page).toContain('.SS "notafter jobs accept ');
    expect(page).toContain('\\fB\\-\\-starttls <PROTO>\\fR');
    expect(page).toContain('notafter check \\-\\-from hosts.txt \\-\\-format junit > certificates.xml');
    expect(page).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it.runIf(has('mandoc') || has('man'))('is clean for mandoc’s lint and for groff’s warnings', async () => {
    using folder = temporaryFolder();
    const file = folder.file('notafter.1');
    writeFileSync(file, await manPage('1.2.3', '2026-11-26'));
    for (const [program, args] of [
      ['mandoc', ['-T', 'lint', '-W', 'warning', file]],
      ['man', ['--warnings', '-l', '-Z', '-Tutf8', file]],
    ] as const) {
      if (!has(program) && spawnSync(program, ['-V']).error) continue;
      const { stdout, stderr, status } = spawnSync(program, args, {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      });
      expect({ program, status, stderr, warnings: program === 'mandoc' ? stdout : '' }).toEqual({
        program,
        status: 0,
        stderr: '',
        warnings: '',
      });
    }
  });
});

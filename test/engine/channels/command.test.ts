import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AskedPrograms, type Decision } from '../../../electron/desktop/os/asked-programs.ts';
import { type CommandLine, listedCommands } from '../../../electron/engine/channels/program-consent.ts';
import { exportEverything } from '../../../electron/engine/transfer/export-everything.ts';
import { importEverything } from '../../../electron/engine/transfer/import-everything.ts';
import { channelSchema } from '../../../shared/schema/channels/channel.ts';
import { settingsPatchSchema } from '../../../shared/schema/settings.ts';
import { wholeExportSchema } from '../../../shared/schema/whole-export.ts';
import { Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestEngine } from '../../support/test-engine.ts';

/** A program that keeps its arguments and what it reads. */
function writer() {
  const folder = temporaryFolder();
  const program = folder.file('page it');
  writeFileSync(program, `#!/bin/sh\n{ printf '%s\\n' "$@"; cat; } > "$(dirname "$0")/out"\n`, {
    mode: 0o755,
  });
  return { folder, program, said: () => readFileSync(folder.file('out'), 'utf8').split('\n') };
}
const running = (program: string, more: Record<string, unknown> = {}) =>
  channelSchema.parse({ type: 'command', name: 'page', program, ...more });

describe('a channel that runs a command', () => {
  it('runs the program that is allowed, without a shell, with the alert on standard input', async () => {
    const { folder, program, said } = writer();
    using _ = folder;
    const args = ['$(id)', 'a, b'];
    await using test = new TestEngine({ programs: listedCommands([{ program, args }]) });
    await test.engine.channelEditor.add(running(program, { args }));
    expect(await test.engine.channels.test('page')).toEqual({ delivered: true, message: null });
    const [first, second, json = ''] = said();
    expect([first, second]).toEqual(args);
    expect(JSON.parse(json)).toMatchObject({ version: 1, event: 'test' });
  });

  it('is refused with other arguments, another program, or by whatever way it comes into the settings', async () => {
    const { folder, program } = writer();
    using _ = folder;
    await using test = new TestEngine({ programs: listedCommands([{ program, args: ['a'] }]) });
    const { channelEditor, settings, channels } = test.engine;
    for (const given of [
      running(program),
      running(program, { args: ['b'] }),
      running('/bin/sh', { args: ['a'] }),
    ])
      await expect(channelEditor.add(given)).rejects.toMatchObject({
        field: 'program',
        message: expect.stringContaining('--channel-command'),
      });
    await expect(channelEditor.consent([running('/bin/sh')])).rejects.toMatchObject({
      field: 'channels.0.program',
    });
    // Written past every question, as into config.json: it is not run.
    await settings.edit({ channels: [running(program)] });
    expect(await channels.test('page')).toMatchObject({
      delivered: false,
      message: expect.stringContaining('may not run this command'),
    });
    await expect(channelEditor.edit('page', { args: ['b'] })).rejects.toMatchObject({ field: 'program' });
    await channelEditor.edit('page', { args: ['a'] });
    expect(await channels.test('page')).toMatchObject({ delivered: true });
    // One that is off asks for nothing.
    await channelEditor.edit('page', { args: ['b'], enabled: false });
  });

  it('says that its program is gone, fails or is no full path', async () => {
    await using test = new TestEngine({
      programs: listedCommands([
        { program: '/nowhere/page', args: [] },
        { program: '/bin/false', args: [] },
      ]),
    });
    const { channelEditor, channels } = test.engine;
    await channelEditor.add(running('/nowhere/page'));
    expect(await channels.test('page')).toMatchObject({ message: 'It could not be run (ENOENT).' });
    await channelEditor.edit('page', { program: '/bin/false' });
    expect(await channels.test('page')).toMatchObject({ message: 'It exited with 1.' });
    for (const program of ['page', './page', '//host/share/page', '/bin/pa\nge'])
      expect(channelSchema.safeParse({ type: 'command', name: 'x', program }).success).toBe(false);
  });

  it('is imported turned off', async () => {
    await using from = new TestEngine({ programs: listedCommands([{ program: '/bin/true', args: [] }]) });
    await from.engine.channelEditor.add(running('/bin/true'));
    const { settings } = from.engine;
    const whole = exportEverything({
      settings: settings.current,
      sources: [],
      searches: [],
      jobs: [],
      now: 0,
    });
    await using to = new TestEngine({ programs: listedCommands([{ program: '/bin/true', args: [] }]) });
    const report = await importEverything(
      wholeExportSchema.parse(JSON.parse(JSON.stringify(whole))),
      to.engine,
      false,
    );
    expect(report.changes).toContainEqual({
      ...{ what: 'channel', name: 'page', outcome: 'added' },
      message: 'Check its program, then turn it on.',
    });
    expect(to.engine.settings.current.channels).toMatchObject([{ name: 'page', enabled: false }]);
  });

  it('is allowed by an option of the service alone', async () => {
    using folder = temporaryFolder();
    await using service = await Service.start(folder.path, '--channel-command', "/bin/true 'a b'");
    const add = (args: string[]) =>
      service.call('POST', '/channels', { type: 'command', name: 'page', program: '/bin/true', args });
    expect(await add([])).toMatchObject({ status: 400, body: { errors: [{ field: 'program' }] } });
    const channels = [{ type: 'command', name: 'page', program: '/bin/sh', args: ['-c', 'id'] }];
    expect(await service.call('PATCH', '/settings', { channels })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'channels.0.program' }] },
    });
    expect((await add(['a b'])).status).toBe(201);
    expect(await service.call('POST', '/channels/page/test')).toMatchObject({ body: { delivered: true } });
  });
});

describe('a person who is asked whether a program may run', () => {
  const line: CommandLine = { program: '/usr/local/bin/page', args: ['a'] };
  const other: CommandLine = { program: '/usr/local/bin/page', args: ['b'] };
  /** Answers in turn, and keeps what was asked. */
  function asked(path: string, ...answers: Decision[]) {
    const questions: CommandLine[] = [];
    const programs = new AskedPrograms(path, async (command) => {
      questions.push(command);
      return answers.shift() ?? 'refuse';
    });
    return { programs, questions };
  }

  it('is asked once for each command, also after a restart', async () => {
    using folder = temporaryFolder();
    const path = folder.file('programs.json');
    const { programs, questions } = asked(path, 'allow');
    expect(programs.isAllowed(line)).toBe(false);
    expect(await Promise.all([programs.ask(line), programs.ask(line)])).toEqual([null, null]);
    expect(questions).toEqual([line]);
    expect([programs.isAllowed(line), programs.isAllowed(other)]).toEqual([true, false]);
    const again = asked(path);
    expect(again.programs.isAllowed(line)).toBe(true);
    expect(await again.programs.ask(line)).toBeNull();
    expect(again.questions).toEqual([]);
  });

  it('may refuse, and is asked again the next time', async () => {
    using folder = temporaryFolder();
    const { programs, questions } = asked(folder.file('programs.json'), 'refuse', 'allow');
    expect(await programs.ask(line)).toBe('You did not allow this command.');
    expect(programs.isAllowed(line)).toBe(false);
    expect(await programs.ask(line)).toBeNull();
    expect(questions).toHaveLength(2);
  });

  it('may turn programs off for good: what was allowed runs no more, and no question comes again', async () => {
    using folder = temporaryFolder();
    const path = folder.file('programs.json');
    const { programs } = asked(path, 'allow', 'never');
    await programs.ask(line);
    expect(await programs.ask(other)).toMatch(/turned off on this computer/);
    expect(programs.isAllowed(line)).toBe(false);
    const again = asked(path, 'allow');
    expect(await again.programs.ask(line)).toMatch(/turned off/);
    expect(again.questions).toEqual([]);
  });

  it('is asked where the file is damaged', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('programs.json'), '{"isOff": 1');
    const { programs } = asked(folder.file('programs.json'));
    expect(programs.isAllowed(line)).toBe(false);
    expect(
      settingsPatchSchema.safeParse({ channels: [{ type: 'command', name: 'x', ...line }] }).success,
    ).toBe(true);
  });
});

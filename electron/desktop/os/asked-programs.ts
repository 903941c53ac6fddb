import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type CommandLine, commandKey, type ProgramConsent } from '../../engine/channels/program-consent.ts';

const keptSchema = z.object({
  /** Whether the person never wants programs to run. */
  isOff: z.boolean(),
  /** Commands that were allowed, by their keys. */
  allowed: z.array(z.string()),
});

/** What the person decides about a command; `too-long`: they could not be shown all of it. */
export type Decision = 'allow' | 'refuse' | 'never' | 'too-long';

const off =
  'Programs are turned off on this computer. To be asked again, delete programs.json in the data folder.';

const tooLong =
  'This command is too long to be shown to you in full, so you cannot allow it. Write it into a script, and enter the path of the script.';

/**
 * Asks the person once for each command, in a dialog of the system, which no client of the API can answer. What was allowed, and that
 * programs are turned off for good, is kept in a file of the data folder.
 */
export class AskedPrograms implements ProgramConsent {
  readonly #path: string;
  readonly #decide: (command: CommandLine) => Promise<Decision>;
  #kept: z.infer<typeof keptSchema>;
  /** One dialog at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param path file of what was decided @param decide asks the person */
  constructor(path: string, decide: (command: CommandLine) => Promise<Decision>) {
    this.#path = path;
    this.#decide = decide;
    this.#kept = read(path);
  }

  isAllowed(command: CommandLine): boolean {
    return !this.#kept.isOff && this.#kept.allowed.includes(commandKey(command));
  }

  ask(command: CommandLine): Promise<string | null> {
    const asked = this.#turn.then(() => this.#ask(command));
    this.#turn = asked.catch(() => undefined); // The caller gets the error.
    return asked;
  }

  async #ask(command: CommandLine): Promise<string | null> {
    if (this.#kept.isOff) return off;
    if (this.isAllowed(command)) return null;
    const decision = await this.#decide(command);
    if (decision === 'too-long') return tooLong;
    if (decision === 'refuse') return 'You did not allow this command.';
    this.#kept =
      decision === 'never'
        ? { isOff: true, allowed: [] }
        : { isOff: false, allowed: [...this.#kept.allowed, commandKey(command)] };
    writeFileSync(this.#path, JSON.stringify(this.#kept), { mode: 0o600 });
    return decision === 'never' ? off : null;
  }
}

function read(path: string): z.infer<typeof keptSchema> {
  try {
    return keptSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return { isOff: false, allowed: [] }; // Nothing was decided yet, or the file is damaged: the person is asked.
  }
}

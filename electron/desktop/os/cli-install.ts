import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { errorCode } from '../../engine/error-code.ts';

/** The command cannot be put where it belongs, with the sentence that says why. */
export class CommandPlaceError extends Error {
  override name = 'CommandPlaceError';
}

/** Marks a file as ours, which may be overwritten. */
const mark = '# Put here by NotAfter: the command line of the app.';

export interface CommandPlaceOptions {
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  /** The program that answers commands; null: this copy is not one that was packed. */
  program: string | null;
}

/**
 * Where `notafter` stands as a command. Packages for Linux and Windows put it on the PATH when they are installed; what is copied
 * into place (macOS' app, an AppImage, an unpacked archive) asks the person, who has it put there.
 */
export class CommandPlace {
  readonly #options: CommandPlaceOptions;

  constructor(options: CommandPlaceOptions) {
    this.#options = options;
  }

  /** Where the command is found; null: nowhere. */
  get found(): string | null {
    const { platform, environment } = this.#options;
    const names = platform === 'win32' ? ['notafter.cmd', 'notafter.exe'] : ['notafter'];
    const folders = (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter).filter(Boolean);
    // The desktop starts apps with a shorter PATH than a terminal has.
    const own = this.#place === null ? [] : [dirname(this.#place)];
    const paths = [...folders, ...own].flatMap((folder) => names.map((name) => join(folder, name)));
    return paths.find(isExecutable) ?? null;
  }

  get canPut(): boolean {
    return this.#options.program !== null && this.#place !== null;
  }

  /** Puts it there. @throws CommandPlaceError */
  put(): void {
    const { program } = this.#options;
    const place = this.#place;
    if (program === null || place === null)
      throw new CommandPlaceError('This copy has no command to put there.');
    if (existsSync(place) && !readFileSync(place, 'utf8').includes(mark))
      throw new CommandPlaceError(
        `${place} already exists and does not belong to NotAfter. Nothing was changed.`,
      );
    try {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, scriptFor(program), { mode: 0o755 });
    } catch (error) {
      throw new CommandPlaceError(
        `${place} cannot be written (${errorCode(error)}). In a terminal: sudo mkdir -p ${dirname(place)} && sudo ln -sf ${quote(program)} ${place}`,
        { cause: error },
      );
    }
  }

  /** Rewrites the installed command if the program has moved: an AppImage is another file after an update. */
  refresh(): void {
    const { program } = this.#options;
    const place = this.#place;
    if (program === null || place === null || !existsSync(place)) return;
    const script = readFileSync(place, 'utf8');
    if (script.includes(mark) && script !== scriptFor(program)) this.put();
  }

  /** The user's folder for programs: by the XDG base directories on Linux, what every shell looks into on macOS. */
  get #place(): string | null {
    const { platform, environment } = this.#options;
    if (platform === 'linux') return join(environment['HOME'] ?? homedir(), '.local/bin/notafter');
    return platform === 'darwin' ? '/usr/local/bin/notafter' : null;
  }
}

function scriptFor(program: string): string {
  return `#!/bin/sh\n${mark}\nexec ${quote(program)} "$@"\n`;
}

/** A word of a shell's line. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

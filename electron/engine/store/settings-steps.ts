import type { Settings } from '../../../shared/schema/settings.ts';

/** Gets settings as they were and as they are. */
export type FollowSettings = (before: Settings, after: Settings) => void;

/**
 * Settings as they are edited, step by step until they are on disk. Followers get each step at the moment of the edit, and its reverse where it is
 * undone: edits whose writes overlap are never one step, which would not show which name became which.
 */
export class SettingsSteps {
  /** What is on disk, and then what each edit since has made of it. */
  #steps: [Settings, ...Settings[]];
  readonly #followers: FollowSettings[] = [];

  constructor(saved: Settings) {
    this.#steps = [saved];
  }

  get current(): Settings {
    const [saved] = this.#steps;
    return this.#steps.at(-1) ?? saved;
  }

  follow(follower: FollowSettings): void {
    this.#followers.push(follower);
  }

  edit(next: Settings): void {
    const before = this.current;
    this.#steps.push(next);
    this.#tell(before);
  }

  /** Notes that they are on disk. @param saved others that are the same to followers, such as with secrets opened */
  keep(saved: Settings = this.current): void {
    this.#steps = [saved];
  }

  /** Undoes what was edited since, the newest edit first. */
  takeBack(): void {
    while (this.#steps.length > 1) {
      const undone = this.current;
      this.#steps.pop();
      this.#tell(undone);
    }
  }

  #tell(before: Settings): void {
    for (const follow of this.#followers) follow(before, this.current);
  }
}

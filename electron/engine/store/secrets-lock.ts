import type { EngineStatus } from '../status.ts';
import { sealedWarning } from './config-file.ts';
import { countSealed } from './config-secrets.ts';
import type { ConfigStore } from './config-store.ts';
import type { SecretBox } from './secret-box.ts';

/** The secrets of jobs and settings, sealed until the system's keyring has given the key. */
export class SecretsLock {
  readonly #store: ConfigStore;
  readonly #status: EngineStatus;
  readonly #configPath: string;

  /** @param configPath path of the file of jobs and settings, for what a person reads */
  constructor(store: ConfigStore, status: EngineStatus, configPath: string) {
    this.#store = store;
    this.#status = status;
    this.#configPath = configPath;
  }

  /** Whether there are secrets that no key has opened yet. */
  get isLocked(): boolean {
    return this.#countSealed() > 0;
  }

  /**
   * Opens the secrets with the key, and seals what is in plain text.
   * @param secretBox null if there is no key: sealed secrets stay sealed, and the status says so
   */
  async unlock(secretBox: SecretBox | null): Promise<void> {
    const unopened = secretBox ? await this.#store.unlock(secretBox) : this.#countSealed();
    this.#status.setSealed(sealedWarning(unopened, this.#configPath));
  }

  #countSealed(): number {
    return countSealed({
      settings: this.#store.settings,
      jobs: [...this.#store.list()],
      sources: [],
      searches: [],
    });
  }
}

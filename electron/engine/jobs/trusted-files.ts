import { hash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, JobPatch, JobView } from '../../../shared/schema/job.ts';
import type { Settings, SettingsPatch } from '../../../shared/schema/settings.ts';
import { encodePem } from '../export/pem.ts';

/** Who trusts a certificate: one host, or all. */
export type TrustScope = 'host' | 'all';

/** What was to be trusted is not what the host shows. */
export class TrustError extends Error {
  override name = 'TrustError';
  /** Of the request. */
  readonly field = 'fingerprint256';
}

export interface TrustedFilesOptions {
  jobs: {
    get(id: string): Job | undefined;
    edit(id: string, patch: JobPatch): Promise<JobView | null>;
  };
  settings: { readonly current: Pick<Settings, 'caFiles'>; edit(patch: SettingsPatch): Promise<unknown> };
  history: {
    /** Returns the certificates of a job's last result in DER. */
    lastChain(id: string): Uint8Array[];
  };
  folder: { file(name: string): string };
}

/** Name of the folder, in the data folder, of certificates that were trusted from the page. */
export const trustedFolder = 'trusted';

/**
 * Trusts a certificate that a host shows: keeps it as a CA file in the data folder, and names the file in the host or in the
 * settings. What is trusted stays visible and editable where CA files are.
 */
export class TrustedFiles {
  readonly #options: TrustedFilesOptions;

  constructor(options: TrustedFilesOptions) {
    this.#options = options;
  }

  /**
   * Trusts a certificate of the last result. The next check goes by it.
   * @param fingerprint256 SHA-256 of what the person saw: another one is refused
   * @returns the job; null if there is no such job
   * @throws TrustError; SettingsFieldError if the list of CA files is full
   */
  async trust(id: string, fingerprint256: string, scope: TrustScope): Promise<JobView | null> {
    const { jobs, history, folder } = this.#options;
    if (!jobs.get(id)) return null;
    const shown = history.lastChain(id).find((der) => fingerprintOf(der) === fingerprint256);
    if (!shown) throw new TrustError('The host now shows a different certificate. Check it again.');
    mkdirSync(folder.file(trustedFolder), { recursive: true, mode: 0o700 });
    const path = this.#path(fingerprint256);
    const isNew = !existsSync(path);
    writeFileSync(path, encodePem(shown), { mode: 0o600 });
    try {
      return await this.#edit(id, scope, (files) => [...files.filter((one) => one !== path), path]);
    } catch (error) {
      if (isNew) rmSync(path, { force: true }); // Nothing names it.
      throw error;
    }
  }

  /**
   * No longer trusts a certificate that was trusted so. The file stays: another host may name it.
   * @returns the job; null where there is none
   */
  untrust(id: string, fingerprint256: string, scope: TrustScope): Promise<JobView | null> {
    const path = this.#path(fingerprint256);
    return this.#edit(id, scope, (files) => files.filter((one) => one !== path));
  }

  async #edit(
    id: string,
    scope: TrustScope,
    change: (files: readonly string[]) => string[],
  ): Promise<JobView | null> {
    const { jobs, settings } = this.#options;
    const job = jobs.get(id);
    if (!job) return null;
    if (scope === 'all') await settings.edit({ caFiles: change(settings.current.caFiles) });
    return jobs.edit(id, scope === 'host' ? { caFiles: change(job.caFiles) } : {});
  }

  #path(fingerprint256: string): string {
    return join(
      this.#options.folder.file(trustedFolder),
      `${fingerprint256.replaceAll(':', '').toLowerCase()}.pem`,
    );
  }
}

/** As results have it: upper case hexadecimal in pairs joined by colons. */
function fingerprintOf(der: Uint8Array): string {
  const digits = hash('sha256', der, 'hex').toUpperCase();
  return (digits.match(/../g) ?? []).join(':');
}

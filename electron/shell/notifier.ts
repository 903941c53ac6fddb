import { Notification } from 'electron';
import type { Alert } from '../../shared/alert.ts';
import type { Engine } from '../engine/engine.ts';

/** Shows alerts as notifications of the desktop; a click opens the job. */
export class Notifier {
  /** Those on show are held here: a notification that is garbage-collected loses its click. One for each job. */
  readonly #shown = new Map<string, Notification>();
  readonly #engine: Engine;
  readonly #open: (jobId: string) => void;
  readonly #unsubscribe: () => void;

  constructor(engine: Engine, open: (jobId: string) => void) {
    this.#engine = engine;
    this.#open = open;
    this.#unsubscribe = engine.subscribe((event) => {
      if (event.type === 'alert') this.#show(event.alert);
      if (event.type === 'job-removed') this.#close(event.id);
    });
  }

  close(): void {
    this.#unsubscribe();
    for (const jobId of [...this.#shown.keys()]) this.#close(jobId);
  }

  #show({ jobId, title, body, severity }: Alert): void {
    if (!this.#engine.settings.notifications || !Notification.isSupported()) return;
    this.#close(jobId);
    const notification = new Notification({
      title,
      body,
      silent: true,
      urgency: severity === 'critical' ? 'critical' : 'normal',
    });
    notification.on('click', () => this.#open(jobId));
    notification.on('close', () => {
      if (this.#shown.get(jobId) === notification) this.#shown.delete(jobId);
    });
    this.#shown.set(jobId, notification);
    notification.show();
  }

  #close(jobId: string): void {
    const notification = this.#shown.get(jobId);
    this.#shown.delete(jobId);
    notification?.close();
  }
}

import { Notification, type NotificationConstructorOptions } from 'electron';
import type { Alert } from '../../shared/alert.ts';
import type { Engine } from '../engine/engine.ts';

/** No job has this id. */
const offlineKey = 'offline';
const offlineNotice = {
  title: 'This machine is offline',
  body: 'Nothing that is watched can be reached. No host is blamed, and checks wait until it is back.',
  urgency: 'normal',
} as const;

/** Shows alerts as notifications of the desktop; a click opens the job. */
export class Notifier {
  /** Those on show are held here: a notification that is garbage-collected loses its click. One for each job, by its id. */
  readonly #shown = new Map<string, Notification>();
  readonly #engine: Engine;
  readonly #open: (jobId?: string) => void;
  readonly #unsubscribe: () => void;
  #offlineSince: string | null = null;

  /** @param open shows the window, with a job if one is named */
  constructor(engine: Engine, open: (jobId?: string) => void) {
    this.#engine = engine;
    this.#open = open;
    this.#unsubscribe = engine.subscribe((event) => {
      if (event.type === 'alert') this.#show(event.alert);
      if (event.type === 'job-removed') this.#close(event.id);
      if (event.type === 'state-changed') this.#showOffline(event.state.offlineSince);
    });
  }

  close(): void {
    this.#unsubscribe();
    for (const key of [...this.#shown.keys()]) this.#close(key);
  }

  #show({ jobId, title, body, severity }: Alert): void {
    this.#present(jobId, { title, body, urgency: severity === 'critical' ? 'critical' : 'normal' }, jobId);
  }

  /** Said once when nothing can be reached any more, and taken away when something can. */
  #showOffline(since: string | null): void {
    if (since === this.#offlineSince) return;
    this.#offlineSince = since;
    if (since === null) this.#close(offlineKey);
    else this.#present(offlineKey, offlineNotice);
  }

  #present(
    key: string,
    options: Pick<NotificationConstructorOptions, 'title' | 'body' | 'urgency'>,
    jobId?: string,
  ) {
    if (!this.#engine.settings.notifications || !Notification.isSupported()) return;
    this.#close(key);
    const notification = new Notification({ ...options, silent: true });
    notification.on('click', () => this.#open(jobId));
    notification.on('close', () => {
      if (this.#shown.get(key) === notification) this.#shown.delete(key);
    });
    this.#shown.set(key, notification);
    notification.show();
  }

  #close(key: string): void {
    const notification = this.#shown.get(key);
    this.#shown.delete(key);
    notification?.close();
  }
}

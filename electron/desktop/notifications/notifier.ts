import { type ActivationArguments, Notification } from 'electron';
import { alertsHash, discoverHash, jobHash, settingsHash } from '../../../shared/ipc.ts';
import { type Alert, type Digest, snoozeEnd } from '../../../shared/schema/alert.ts';
import type { SearchMessage } from '../../../shared/schema/saved-search.ts';
import { forNotification } from '../../../shared/text/foreign-text.ts';
import { interruptionWords } from '../../../shared/text/interruption.ts';
import { dateInWords } from '../../../shared/text/words.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Log } from '../../engine/log.ts';
import { type Notice, noticeActions, noticeOf, noticeOfDigest } from './notice.ts';

/** Keys of notifications that are about no single job; no job has these ids. */
const offlineKey = 'offline';
const digestKey = 'digest';
const updateKey = 'update';
const hintKey = 'hint';
const interruptionKey = 'interruption';
const searchKey = 'search';

/** How many open alerts of a host one button acts on. */
const maxActedOn = 100;

/** Where in the page they lead; the others show the window as it is. */
const places: Readonly<Record<string, string>> = {
  [digestKey]: alertsHash,
  [updateKey]: settingsHash,
  [searchKey]: discoverHash,
};

type Plain = Pick<Notice, 'title' | 'body'>;
const quietly = {
  actions: [],
  leadId: null,
  alertIds: [],
  silent: true,
  urgency: 'normal',
  timeoutType: 'default',
} as const;

const offlineNotice: Plain = {
  title: 'This machine is offline',
  body: 'Nothing that is watched can be reached. No host is blamed, and checks wait until it is back.',
};
const hintNotice: Plain = {
  title: 'NotAfter goes on in the tray',
  body: 'It keeps checking, and tells you in time. To end it, choose “Quit NotAfter” in its menu there.',
};

interface Shown {
  notification: Notification;
  notice: Notice;
}

export interface NotifierOptions {
  engine: Engine;
  log: Log;
  /** Shows the window at a place in the page. */
  open: (hash?: string) => void;
  /** Called where the system did not take a notification, with its reason. */
  onFailed: (reason: string) => void;
}

/** Shows alerts as notifications of the desktop: one for each job, replaced rather than stacked, gone when no longer true. */
export class Notifier {
  readonly #options: NotifierOptions;
  /** Those on show are held here: a notification that is garbage-collected loses its click. */
  readonly #shown = new Map<string, Shown>();
  /** What each job's notification is about, until it is resolved, acknowledged or snoozed. */
  readonly #told = new Map<string, Alert[]>();
  readonly #fresh = new Set<string>();
  readonly #unsubscribe: () => void;
  #offlineSince: string | null = null;

  constructor(options: NotifierOptions) {
    this.#options = options;
    if (hasActivation()) Notification.handleActivation((details) => this.#activate(details));
    this.#unsubscribe = options.engine.events.subscribe((event) => {
      if (event.type === 'alert') this.#hear(event.alert);
      if (event.type === 'digest') this.#showDigest(event.digest);
      if (event.type === 'alert-changed' && isOver(event.alert)) this.#dismiss(event.alert);
      if (event.type === 'job-removed') this.#forget(event.id);
      if (event.type === 'discovery-ended' && event.message) this.#tellOfSearch(event.message);
      if (event.type === 'state-changed') this.#showOffline(event.state.offlineSince);
    });
  }

  close(): void {
    this.#unsubscribe();
    for (const key of [...this.#shown.keys()]) this.#close(key);
  }

  /** Says where NotAfter went when its window was closed. */
  hint(): void {
    this.#present(hintKey, { ...quietly, ...hintNotice });
  }

  /** Says that there is a newer version; where to go about it is a click away. */
  tellOfUpdate(version: string): void {
    const title = `NotAfter ${version} is available`;
    const body = 'It is loaded when you say so, in the settings under Help, and not before.';
    this.#present(updateKey, { ...quietly, title, body });
  }

  /** Says that the run before this one was interrupted, unless the computer was turned off under it. */
  tellOfInterruption(): void {
    const { interruption } = this.#options.engine.status.state;
    if (interruption?.cause !== 'killed') return;
    const title = 'NotAfter did not end properly';
    this.#present(interruptionKey, { ...quietly, title, body: interruptionWords(interruption, dateInWords) });
  }

  /** What a saved search found is one notification, in place of that of a search before it. */
  #tellOfSearch({ title, body }: SearchMessage): void {
    this.#present(searchKey, { ...quietly, title, body });
  }

  /** Alerts of a job in the same turn become one notification. */
  #hear(alert: Alert): void {
    const { jobId } = alert;
    this.#told.set(jobId, [...(this.#told.get(jobId) ?? []).filter(({ id }) => id !== alert.id), alert]);
    if (this.#fresh.size === 0) queueMicrotask(() => this.#showFresh());
    this.#fresh.add(jobId);
  }

  #showFresh(): void {
    const jobIds = [...this.#fresh];
    this.#fresh.clear();
    for (const jobId of jobIds) {
      const notice = noticeOf(this.#told.get(jobId) ?? [], this.#options.engine.settings.current.sound);
      if (notice) this.#present(jobId, notice, jobId);
    }
  }

  #showDigest(digest: Digest): void {
    for (const { jobId } of digest.alerts) this.#forget(jobId);
    this.#present(digestKey, noticeOfDigest(digest, this.#options.engine.settings.current.sound));
  }

  /** An alert that is over takes its notification away, if that is about it above all, or about nothing else. */
  #dismiss({ id, jobId }: Alert): void {
    const left = (this.#told.get(jobId) ?? []).filter((alert) => alert.id !== id);
    if (left.length > 0) this.#told.set(jobId, left);
    else this.#told.delete(jobId);
    if (this.#shown.get(jobId)?.notice.leadId === id) this.#close(jobId);
    for (const key of [jobId, digestKey]) {
      const shown = this.#shown.get(key);
      if (!shown?.notice.alertIds.includes(id)) continue;
      shown.notice.alertIds = shown.notice.alertIds.filter((one) => one !== id);
      if (shown.notice.alertIds.length === 0) this.#close(key);
    }
  }

  #forget(jobId: string): void {
    this.#told.delete(jobId);
    this.#fresh.delete(jobId);
    this.#close(jobId);
  }

  /** Shown once when the network is down, and removed when it is back. */
  #showOffline(since: string | null): void {
    if (since === this.#offlineSince) return;
    this.#offlineSince = since;
    if (since === null) this.#close(offlineKey);
    else this.#present(offlineKey, { ...quietly, ...offlineNotice });
  }

  #present(key: string, notice: Notice, jobId?: string): void {
    const { engine, onFailed } = this.#options;
    if (!engine.settings.current.notifications || !Notification.isSupported()) return;
    this.#close(key);
    const { title, body, urgency, silent, timeoutType, actions } = notice;
    const notification = new Notification({
      // By its id the system itself replaces what it shows still, where it knows ids (macOS, Windows).
      id: key,
      groupId: 'notafter',
      title: forNotification(title),
      body: forNotification(body),
      silent,
      urgency,
      timeoutType,
      actions: [...actions],
    });
    if (!hasActivation()) {
      notification.on('click', () => {
        if (jobId !== undefined) this.#options.open(jobHash(jobId));
        else this.#options.open(places[key]);
      });
      notification.on('action', ({ actionIndex }) =>
        this.#act(noticeActions[actionIndex], notice.alertIds, jobId),
      );
    }
    // On Windows a banner that times out moves to the Action Center: it can still be clicked, and must go when it is no longer true.
    notification.on('close', ({ reason }) => {
      if (reason !== 'timedOut') this.#letGo(key, notification);
    });
    notification.on('failed', (_event, reason) => {
      this.#letGo(key, notification);
      onFailed(reason);
    });
    this.#shown.set(key, { notification, notice });
    notification.show();
  }

  #openPlace(key: string): void {
    const { engine, open } = this.#options;
    if (engine.jobs.get(key)) open(jobHash(key));
    else open(places[key]);
  }

  /** Acts on a notification that Windows reports, perhaps one of an earlier run: its id is all that is known of it. */
  #activate({ type, arguments: text, actionIndex = -1 }: ActivationArguments): void {
    const key = new URLSearchParams(text).get('tag') ?? '';
    if (type !== 'action') {
      this.#openPlace(key);
      return;
    }
    const { engine } = this.#options;
    if (!engine.jobs.get(key)) return;
    const open = { jobId: key, open: true, limit: maxActedOn, offset: 0 };
    const alertIds =
      this.#shown.get(key)?.notice.alertIds ?? engine.alerts.list(open).items.map(({ id }) => id);
    this.#act(noticeActions[actionIndex], alertIds, key);
  }

  #act(
    action: (typeof noticeActions)[number] | undefined,
    alertIds: readonly number[],
    jobId: string | undefined,
  ): void {
    const { engine, log } = this.#options;
    if (action === 'Snooze for a day')
      for (const id of alertIds) engine.alerts.snooze(id, snoozeEnd('day', engine.now()));
    if (action === 'Check again' && jobId !== undefined)
      engine.checks
        .checkNow(jobId)
        .catch((error: unknown) => log.warn(`not checked again: ${String(error)}`));
  }

  #letGo(key: string, notification: Notification): void {
    if (this.#shown.get(key)?.notification === notification) this.#shown.delete(key);
  }

  #close(key: string): void {
    const shown = this.#shown.get(key);
    this.#shown.delete(key);
    shown?.notification.close();
  }
}

/**
 * Whether the system reports clicks also on notifications of an earlier run (Windows). It reports them for living ones too, before their
 * own events, so those are not listened to there. On other systems the function is missing at run time.
 */
export function hasActivation(): boolean {
  return typeof Notification.handleActivation === 'function';
}

/** Whether its notification can be removed. Good news is resolved at once, and stays to be read. */
function isOver({ severity, resolvedAt, acknowledgedAt, snoozedUntil }: Alert): boolean {
  return severity !== 'info' && (resolvedAt !== null || acknowledgedAt !== null || snoozedUntil !== null);
}

import { Notification } from 'electron';
import type { Hindrance, NotificationTest } from '../../../shared/schema/notification-test.ts';
import type { Clock } from '../../engine/clock.ts';
import { hasActivation } from './notifier.ts';

/** Longest wait for the system to say what became of the notification, in milliseconds. */
const maxWaitMs = 5_000;

export interface NotificationTesterOptions {
  clock: Clock;
  platform: NodeJS.Platform;
  /** Whether the settings want notifications. */
  isOn: () => boolean;
  /** Returns what is known to keep the system from showing notifications. */
  hindrances: () => Promise<Hindrance[]>;
  /** Shows the window, since the person clicked the notification. */
  open: () => void;
}

/** Shows a notification that asks to be confirmed in the window, and says what the system made of it. */
export class NotificationTester {
  readonly #options: NotificationTesterOptions;
  /** Held here while it is on show: a notification that is garbage-collected loses its click. */
  #shown: Notification | null = null;

  constructor(options: NotificationTesterOptions) {
    this.#options = options;
  }

  async send(): Promise<NotificationTest> {
    const { isOn, hindrances, platform } = this.#options;
    const answer = { system: systemOf(platform), reason: null, hindrances: await hindrances() };
    if (!isOn()) return { ...answer, outcome: 'off' };
    if (!Notification.isSupported()) return { ...answer, outcome: 'unsupported' };
    return { ...answer, ...(await this.#show()) };
  }

  close(): void {
    this.#shown?.close();
    this.#shown = null;
  }

  /** Electron emits `show` when the system took the notification, whether or not a Focus hides it then (docs: notification.md). */
  async #show(): Promise<Pick<NotificationTest, 'outcome' | 'reason'>> {
    const { clock, open } = this.#options;
    this.close();
    const notification = new Notification({
      id: 'test',
      title: 'NotAfter can reach you',
      body: 'This is a test. Confirm in NotAfter that you saw it.',
      urgency: 'critical',
      timeoutType: 'default',
      silent: true,
    });
    this.#shown = notification;
    const { promise, resolve } = Promise.withResolvers<Pick<NotificationTest, 'outcome' | 'reason'>>();
    notification.on('show', () => resolve({ outcome: 'shown', reason: null }));
    notification.on('failed', (_event, reason) => resolve({ outcome: 'failed', reason: reason || null }));
    // Windows reports clicks by handleActivation as well, which opens the window (notifier.ts).
    if (!hasActivation()) notification.on('click', open);
    const cancel = clock.after(maxWaitMs, () => resolve({ outcome: 'unanswered', reason: null }));
    notification.show();
    try {
      return await promise;
    } finally {
      cancel();
    }
  }
}

function systemOf(platform: NodeJS.Platform): NotificationTest['system'] {
  if (platform === 'darwin') return 'macos';
  return platform === 'win32' ? 'windows' : 'linux';
}

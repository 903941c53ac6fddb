import type { MenuItemConstructorOptions } from 'electron';
import { jobName } from '../../../shared/domain/job-name.ts';
import { byUrgency, isAllAccepted, needsPerson } from '../../../shared/domain/job-urgency.ts';
import { isQuiet, type PauseLength, pauseLengths, pauseWords } from '../../../shared/domain/pause.ts';
import { urgency } from '../../../shared/domain/severity.ts';
import type { EngineState } from '../../../shared/schema/event.ts';
import type { JobStatus } from '../../../shared/schema/job.ts';
import { forMenu, printable } from '../../../shared/text/foreign-text.ts';
import { attentionWords, headline, matter, type SummarizedJob } from '../../../shared/text/headline.ts';
import { capitalise, duration, expiryWords } from '../../../shared/text/words.ts';

export interface TrayActions {
  /** Shows the window, with a job if one is named. */
  open(jobId?: string): void;
  openSettings(): void;
  checkAll(): void;
  /** Pauses all checks. */
  pause(length: PauseLength): void;
  resume(): void;
  /** Lets only critical alerts notify until tomorrow, or all again. */
  quiet(isOn: boolean): void;
  launchAtLogin(isOn: boolean): void;
  /** Asks what to do about a newer version. */
  offerUpdate(): void;
  showLog(): void;
  quit(): void;
}

/** One picture for each: they differ in shape as well as in colour. */
export type TrayIcon = 'fine' | 'warning' | 'critical' | 'unreachable' | 'pending' | 'paused' | 'offline';

export interface TrayFacts extends Pick<EngineState, 'offlineSince' | 'pause' | 'quietUntil'> {
  /** The jobs with snoozed alerts, and none that are open. */
  snoozed: ReadonlySet<string>;
  /** Null: this copy cannot be started at login, and the menu has no entry for it. */
  launchesAtLogin: boolean | null;
  /** A newer version that is known of; null: none. */
  newest: string | null;
}

/** What the tray shows: pure, so that it can be read without a tray. */
export interface TrayFace {
  icon: TrayIcon;
  tooltip: string;
  menu: MenuItemConstructorOptions[];
}

const hostsShown = 6;
/** Windows shows 127 UTF-16 units of a tooltip (NOTIFYICONDATA.szTip has 128 with the zero at its end), the others more. */
const maxTooltip = 127;
const separator = { type: 'separator' } as const;

export function trayFace(
  jobs: readonly SummarizedJob[],
  { offlineSince, pause, quietUntil, snoozed, launchesAtLogin, newest }: TrayFacts,
  now: number,
  actions: TrayActions,
): TrayFace {
  const watched = jobs.filter(({ paused }) => !paused);
  const aside = watched.filter((job) => isAllAccepted(job) || (needsPerson(job) && snoozed.has(job.id)));
  const title = titleOf(jobs, aside, now);
  const until = pause?.until ? `, for ${duration(Date.parse(pause.until) - now)} still` : '';
  const ofPause = pause ? `All checks are paused${until}` : null;
  const ofNotAfter = offlineSince ? 'No remote host answers: is the network or VPN down?' : ofPause;
  const shown = hostsToShow(watched, new Set(aside));
  const hostItem = (job: SummarizedJob) => ({
    id: job.id,
    label: forMenu(hostWords(job, now)),
    click: () => actions.open(job.id),
  });
  const [first] = shown;
  return {
    icon: iconOf(jobs, watched, offlineSince !== null, pause !== null),
    tooltip: cut(
      printable(`NotAfter: ${ofNotAfter ?? [title, ...(first ? [hostWords(first, now)] : [])].join('. ')}`),
    ),
    menu: [
      { label: title, click: () => actions.open() },
      ...(ofNotAfter === null ? [] : [{ label: ofNotAfter, click: () => actions.open() }]),
      separator,
      ...shown.map(hostItem),
      ...(shown.length > 0 ? [separator] : []),
      // Aside: they need no attention, and are no part of the number above.
      ...(aside.length > 0
        ? [
            {
              label: `Accepted and snoozed (${aside.length.toLocaleString('en')})`,
              submenu: aside.toSorted(byUrgency).slice(0, maxAside).map(hostItem),
            },
          ]
        : []),
      { label: 'Check all now', enabled: watched.length > 0, click: () => actions.checkAll() },
      quietItem(quietUntil, now, actions),
      pause
        ? { label: 'Resume all checks', click: () => actions.resume() }
        : {
            label: 'Pause',
            enabled: watched.length > 0,
            submenu: pauseLengths.map((length) => ({
              label: capitalise(pauseWords[length]),
              click: () => actions.pause(length),
            })),
          },
      separator,
      { label: 'Open NotAfter', click: () => actions.open() },
      { label: 'Settings…', click: () => actions.openSettings() },
      ...(launchesAtLogin === null
        ? []
        : [
            {
              label: 'Launch at login',
              type: 'checkbox' as const,
              checked: launchesAtLogin,
              click: () => actions.launchAtLogin(!launchesAtLogin),
            },
          ]),
      { label: 'Help', submenu: [{ label: 'Show the log', click: () => actions.showLog() }] },
      ...(newest === null
        ? []
        : [{ label: `NotAfter ${newest} is available…`, click: () => actions.offerUpdate() }]),
      { label: 'Quit NotAfter', click: () => actions.quit() },
    ],
  };
}

/** The window has the rest: a menu must fit on the screen. */
const maxAside = 20;

/** `5 of 36 need attention, 1 snoozed`: with the snoozed they are as many as the window counts. */
function titleOf(jobs: readonly SummarizedJob[], aside: readonly SummarizedJob[], now: number): string {
  const snoozed = aside.filter(needsPerson).length;
  if (snoozed === 0) return headline(jobs, now).title;
  const needy = jobs.filter(needsPerson).length - snoozed;
  return `${attentionWords(needy, jobs.length)}, ${snoozed.toLocaleString('en')} snoozed`;
}

/** What needs attention, the worst first; then what expires soonest. */
function hostsToShow(watched: readonly SummarizedJob[], aside: ReadonlySet<SummarizedJob>): SummarizedJob[] {
  const found: SummarizedJob[] = [];
  for (const job of watched) {
    if (aside.has(job) || !(needsPerson(job) || job.lastCheck?.expiresAt)) continue;
    const place = found.findIndex((other) => byUrgency(job, other) < 0);
    if (place === -1) found.push(job);
    else found.splice(place, 0, job);
    found.length = Math.min(found.length, hostsShown); // Never thousands in order for six.
  }
  return found;
}

/** `db.example.com cannot be reached (expires in 8 days)`: the date decides how soon to act, whatever else is wrong. */
function hostWords(job: SummarizedJob, now: number): string {
  const words = matter(job, now);
  const left = job.lastCheck?.expiresAt ? expiryWords(job.lastCheck.expiresAt, now) : '';
  const isAhead = left.startsWith('in ');
  return `${jobName(job)} ${words}${isAhead && !words.endsWith(left) ? ` (expires ${left})` : ''}`;
}

/** Turns quiet on with one click, or says until when it is on and ends it. */
function quietItem(quietUntil: string | null, now: number, actions: TrayActions): MenuItemConstructorOptions {
  const isOn = isQuiet(quietUntil, now);
  return {
    label: isOn ? `Quiet until ${dayAndTime(quietUntil)}` : 'Quiet until tomorrow',
    type: 'checkbox',
    checked: isOn,
    click: () => actions.quiet(!isOn),
  };
}

/** `Sat 08:00`, or `Sat 8:00 AM` where the system's clock has twelve hours. */
function dayAndTime(time: string): string {
  const { hour12 = false } = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions();
  const format = new Intl.DateTimeFormat('en', {
    weekday: 'short',
    hour: hour12 ? 'numeric' : '2-digit',
    minute: '2-digit',
    hourCycle: hour12 ? 'h12' : 'h23',
  });
  return format.format(new Date(time)).replaceAll(/[\s,]+/g, ' ');
}

/** Cuts a tooltip to what every system shows, and no character in two. */
function cut(text: string): string {
  if (text.length <= maxTooltip) return text;
  return `${text.slice(0, maxTooltip - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function iconOf(
  jobs: readonly SummarizedJob[],
  watched: readonly SummarizedJob[],
  isOffline: boolean,
  isPaused: boolean,
): TrayIcon {
  // What was wrong before the network went is wrong still: the cloud hides no red.
  const known = worstStatus(watched);
  if (isOffline && known !== 'critical' && known !== 'warning') return 'offline';
  if (isPaused || (jobs.length > 0 && watched.length === 0)) return 'paused';
  return known === 'ok' ? 'fine' : known;
}

/** `pending` where there is no job or none was checked. */
function worstStatus(jobs: readonly SummarizedJob[]): JobStatus {
  const statuses = jobs
    .filter(({ status }) => status !== 'pending')
    .map((job) => (needsPerson(job) ? job.status : 'ok'));
  return statuses.reduce<JobStatus>(
    (worst, status) => (worst === 'pending' || urgency[status] < urgency[worst] ? status : worst),
    'pending',
  );
}

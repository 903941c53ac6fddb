import type { MenuItemConstructorOptions } from 'electron';
import { jobName } from '../../../shared/domain/job-name.ts';
import { expiryOf, isAllAccepted, needsPerson } from '../../../shared/domain/job-urgency.ts';
import { type PauseLength, pauseLengths, pauseWords } from '../../../shared/domain/pause.ts';
import { urgency } from '../../../shared/domain/severity.ts';
import type { EngineState } from '../../../shared/schema/event.ts';
import type { JobStatus, JobView } from '../../../shared/schema/job.ts';
import { forMenu, printable } from '../../../shared/text/foreign-text.ts';
import { headline } from '../../../shared/text/headline.ts';
import { capitalise, count, duration } from '../../../shared/text/words.ts';

export interface TrayActions {
  /** Shows the window, with a job if one is named. */
  open(jobId?: string): void;
  checkAll(): void;
  /** Pauses all checks. */
  pause(length: PauseLength): void;
  resume(): void;
  launchAtLogin(isOn: boolean): void;
  /** Asks what to do about a newer version. */
  offerUpdate(): void;
  showLog(): void;
  quit(): void;
}

/** One picture for each: they differ in shape as well as in colour. */
export type TrayIcon = 'fine' | 'warning' | 'critical' | 'unreachable' | 'pending' | 'paused' | 'offline';

export interface TrayFacts extends Pick<EngineState, 'offlineSince' | 'pause'> {
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

const soonestShown = 5;
/** Windows shows 127 characters of a tooltip (NOTIFYICONDATA.szTip has 128 with the zero at its end). */
const maxTooltip = 127;

export function trayFace(
  jobs: readonly JobView[],
  { offlineSince, pause, launchesAtLogin, newest }: TrayFacts,
  now: number,
  actions: TrayActions,
): TrayFace {
  const { title, detail, jobId } = headline(jobs, now);
  const ofWorst = jobs.length === 0 ? null : detail.replace(/\.$/, '');
  const until = pause?.until ? `, for ${duration(Date.parse(pause.until) - now)} still` : '';
  const ofPause = pause ? `All checks are paused${until}` : null;
  const ofNotAfter = offlineSince ? 'No remote host answers: is the network or VPN down?' : ofPause;
  const watched = jobs.filter(({ paused }) => !paused);
  const soonest = watched
    .filter((job) => job.lastCheck?.expiresAt && !isExpiryAccepted(job))
    .sort((one, other) => expiryOf(one) - expiryOf(other))
    .slice(0, soonestShown);
  const accepted = watched.filter(isAllAccepted).length;
  const separator = { type: 'separator' } as const;
  return {
    icon: iconOf(jobs, watched, offlineSince !== null, pause !== null),
    tooltip: cut(printable(`NotAfter: ${ofNotAfter ?? ofWorst ?? title}`)),
    menu: [
      ...(ofNotAfter === null ? [] : [{ label: ofNotAfter, click: () => actions.open() }]),
      { label: title, click: () => actions.open() },
      ...(ofWorst === null
        ? []
        : [
            {
              id: `worst ${jobId}`,
              label: forMenu(ofWorst),
              enabled: jobId !== null,
              click: () => actions.open(jobId ?? undefined),
            },
          ]),
      separator,
      ...soonest.map((job) => ({
        id: job.id,
        label: soonestLabel(job, now),
        click: () => actions.open(job.id),
      })),
      // Aside: they need no attention, and are no part of the numbers above.
      ...(accepted > 0
        ? [{ label: `${count(accepted, 'host')} with accepted problems`, click: () => actions.open() }]
        : []),
      ...(soonest.length + accepted > 0 ? [separator] : []),
      { label: 'Check all now', enabled: watched.length > 0, click: () => actions.checkAll() },
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
      { label: 'Open NotAfter', click: () => actions.open() },
      separator,
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

/** Cuts a tooltip to what every system shows, and no character in two. */
function cut(text: string): string {
  if (text.length <= maxTooltip) return text;
  return `${text.slice(0, maxTooltip - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Whether a person has accepted that the certificate expires: another accepted problem leaves its expiry news. */
function isExpiryAccepted({ lastCheck }: JobView): boolean {
  const codes = ['expired', 'expiring'];
  return lastCheck?.problems.some(({ code, accepted }) => accepted && codes.includes(code)) ?? false;
}

function soonestLabel(job: JobView, now: number): string {
  const left = expiryOf(job) - now;
  return `${forMenu(jobName(job))}    ${left < 0 ? 'expired' : duration(left)}`;
}

function iconOf(
  jobs: readonly JobView[],
  watched: readonly JobView[],
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
function worstStatus(jobs: readonly JobView[]): JobStatus {
  const statuses = jobs
    .filter(({ status }) => status !== 'pending')
    .map((job) => (needsPerson(job) ? job.status : 'ok'));
  return statuses.reduce<JobStatus>(
    (worst, status) => (worst === 'pending' || urgency[status] < urgency[worst] ? status : worst),
    'pending',
  );
}

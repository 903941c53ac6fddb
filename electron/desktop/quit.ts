import { app, BaseWindow, powerMonitor } from 'electron';
import { systemClock } from '../engine/clock.ts';
import { ownFile } from './os/executable.ts';
import { hiddenArg } from './os/start-args.ts';

/** A quit that writes for longer than this would hold up the system's shutdown. */
const maxQuitMs = 2000;

export interface QuitOptions {
  /** Ends everything and writes what is to be written. */
  stop: () => Promise<void>;
  /** Called with what went wrong while stopping. */
  onFault: (error: unknown) => void;
  /** Called with the arguments of a second start, unless this one is about to end. */
  onSecondStart: (argv: readonly string[]) => void;
}

/**
 * Holds a quit until everything is written, then ends the process with status 0. The end is `app.exit` from a macrotask: Electron runs
 * microtasks inside the emit of `will-quit` (shell/common/gin_helper/event_emitter_caller.cc), and ignores `app.quit()` there
 * (Browser::Quit while is_quitting_), so a quit that is asked for again too early is lost (electron#33643).
 *
 * A second start while this one stops reaches an app that is about to go: NotAfter starts again after its end,
 * hidden only if that start asked for it.
 */
export function stopBeforeQuit({ stop, onFault, onSecondStart }: QuitOptions): void {
  let isStopping = false;
  /** Arguments of the start that came while this one stops: `app.relaunch` starts one instance for each call. */
  let next: string[] | null = null;
  const end = () => {
    // An AppImage's program is mounted for this run alone: the file itself is started.
    if (next !== null) app.relaunch({ args: next, execPath: ownFile() });
    app.exit(0);
  };
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isStopping) return;
    isStopping = true;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancel = systemClock.after(maxQuitMs, () =>
      reject(new Error(`not everything was written within ${maxQuitMs} ms`)),
    );
    Promise.race([stop(), late])
      .catch(onFault)
      .finally(() => {
        cancel();
        setImmediate(end);
      });
  });
  app.on('second-instance', (_event, argv) => {
    if (!isStopping) {
      onSecondStart(argv);
      return;
    }
    const args = process.argv.slice(1).filter((arg) => arg !== hiddenArg);
    // Of several such starts, one that was to show the window counts.
    const isHidden = argv.includes(hiddenArg) && (next === null || next.includes(hiddenArg));
    next = isHidden ? [...args, hiddenArg] : args;
  });
  quitAtSessionEnd();
}

/**
 * Windows tells windows alone that the session ends, and ends the process at once unless a quit has begun by then (WM_ENDSESSION,
 * shell/browser/native_window_views_win.cc): a window without a page, never shown, hears it while there is no other.
 */
function quitAtSessionEnd(): void {
  if (process.platform === 'win32') {
    new BaseWindow({ show: false }).on('session-end', () => app.quit());
    return;
  }
  // Linux and macOS wait for this process while it prevents the event, and quitting is then its own business.
  // SAFETY: the type has no parameter, the documentation and lib/browser/api/power-monitor.ts have one.
  const powerEvents = powerMonitor as NodeJS.EventEmitter;
  powerEvents.on('shutdown', (event: { preventDefault(): void }) => {
    event.preventDefault();
    app.quit();
  });
}

/** What a start depends on. */
export interface StartFacts {
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  /** The user's number; undefined on Windows. */
  uid: number | undefined;
  /** Whether the kernel keeps ordinary users from making user namespaces (Ubuntu 23.10 and newer). */
  isNamespaceRestricted: boolean;
  /** Whether the runtime's `chrome-sandbox` belongs to root with mode 4755. */
  isHelperSetUp: boolean;
}

/** Returns why there can be no window; null where there can. */
export function displayObstacle({ platform, environment }: StartFacts): string | null {
  if (platform !== 'linux') return null;
  const { DISPLAY, WAYLAND_DISPLAY } = environment;
  return DISPLAY || WAYLAND_DISPLAY ? null : 'There is no display here.';
}

/**
 * Returns the switches that Chromium needs on this system, and the sentence that explains them. Both obstacles abort Electron before any of
 * NotAfter's code runs (shell/app/electron_main_delegate.cc; electron#42510). The page is NotAfter's own and has no content from
 * elsewhere, and its renderer keeps `sandbox: true`.
 */
export function chromiumSwitches(facts: StartFacts): { switches: string[]; sentence: string | null } {
  const { platform, uid, environment, isNamespaceRestricted, isHelperSetUp } = facts;
  if (platform !== 'linux') return { switches: [], sentence: null };
  const isRoot = uid === 0;
  const isRefused = isRoot || (isNamespaceRestricted && !isHelperSetUp);
  const why = isRoot ? 'it does not run as root' : 'this system restricts user namespaces';
  return {
    switches: [...(isRefused ? ['--no-sandbox'] : []), ...ozonePlatform(environment)],
    sentence: isRefused ? `Chromium’s sandbox is off, because ${why}.` : null,
  };
}

/** Electron picks Wayland by XDG_SESSION_TYPE alone (docs: breaking changes of 38.0), which a login by SSH or a container does not set. */
function ozonePlatform({ DISPLAY, WAYLAND_DISPLAY, XDG_SESSION_TYPE }: NodeJS.ProcessEnv): string[] {
  const isWayland = XDG_SESSION_TYPE === 'wayland';
  if (isWayland && !WAYLAND_DISPLAY && DISPLAY) return ['--ozone-platform=x11'];
  if (!isWayland && WAYLAND_DISPLAY && !DISPLAY) return ['--ozone-platform=wayland'];
  return [];
}

/** An end within this time is a runtime that cannot start here. */
const earlyMs = 5_000;

/** Returns why a desktop that ended so soon cannot run here; null where it simply ended. */
export function earlyEnd(code: number | null, signal: NodeJS.Signals | null, afterMs: number): string | null {
  if (afterMs >= earlyMs || code === 0) return null;
  return signal === null ? `Electron ended with status ${code}.` : `Electron ended by ${signal}.`;
}

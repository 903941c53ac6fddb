import type { Page } from 'playwright-core';
import type { DesktopAction, DesktopState as StandInState } from '../electron-stand-in/control.ts';

/** What a person sees of the desktop beside the window. */
export interface DesktopState {
  trays: { image: string; toolTip: string; menu: { label: string; enabled: boolean; checked: boolean }[] }[];
  notifications: { title: string; body: string; isShown: boolean; silent: boolean; actions: string[] }[];
  questions: { message: string; buttons: string[]; isModal?: boolean }[];
  /** Addresses handed to the person’s browser. */
  opened: string[];
  windows: { isVisible: boolean }[];
}

/** The desktop app as a spec drives it, on Electron or on the stand-in. */
export interface DesktopApp extends AsyncDisposable {
  /** The window; throws while there is none. */
  readonly page: Page;
  state(): Promise<DesktopState>;
  clickMenu(label: string): Promise<void>;
  clickNotification(title: string): Promise<void>;
  /** Presses a button of a notification. */
  clickNotificationAction(title: string, text: string): Promise<void>;
  setTheme(source: 'light' | 'dark'): Promise<void>;
  /** What the person will press when the app asks something. */
  answerNext(button: string): Promise<void>;
  closeWindow(): Promise<void>;
  /** Starts the app a second time on the same folder; resolves with the exit status of that one. */
  startAgain(): Promise<number | null>;
  /** Runs the app’s program with a command line, as `notafter check …` of an installed app. */
  command(...args: string[]): Promise<{ status: number | null; stdout: string }>;
  /** What only the stand-in can do: accidents, and what a person or another system does. Undefined on Electron. */
  system?: (action: DesktopAction) => Promise<void>;
  standIn?: () => Promise<StandInState>;
  /** The process that was started. */
  pid?: number;
  /** Resolves with the exit status once the app has ended. */
  ended: Promise<number | null>;
}

/** Starts the app on a data folder, with further arguments and environment. */
export type DesktopDriver = (userData: string, options?: LaunchOptions) => Promise<DesktopApp>;

export interface LaunchOptions {
  /** A data folder that is there before and stays; one of the app's own otherwise. */
  dataFolder?: string;
  args?: readonly string[];
  /** Whether a window is waited for; not where the app starts hidden. */
  hasWindow?: boolean;
  env?: Readonly<Record<string, string>>;
}

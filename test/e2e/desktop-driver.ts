import type { Page } from 'playwright-core';

/** What a person sees of the desktop beside the window. */
export interface DesktopState {
  trays: { image: string; toolTip: string; menu: { label: string; enabled: boolean }[] }[];
  notifications: { title: string; body: string; isShown: boolean }[];
  windows: { isVisible: boolean }[];
}

/** The desktop app as a spec drives it, on Electron or on the stand-in. */
export interface DesktopApp extends AsyncDisposable {
  page: Page;
  state(): Promise<DesktopState>;
  clickMenu(label: string): Promise<void>;
  clickNotification(title: string): Promise<void>;
  closeWindow(): Promise<void>;
  /** Starts the app a second time on the same folder; resolves with the exit status of that one. */
  startAgain(): Promise<number | null>;
  /** Resolves with the exit status once the app has ended. */
  ended: Promise<number | null>;
}

/** Starts the app on a data folder. */
export type DesktopDriver = (userData: string) => Promise<DesktopApp>;

/** With it the app starts without its window, in the tray. */
export const hiddenArg = '--hidden';

/** A second start with it quits the running app and starts none: how `npm start` ends it on Windows, which has no signals. */
export const quitArg = '--quit';

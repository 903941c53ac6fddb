import type { Log } from './log.ts';

/**
 * Logs what nothing caught, with its stack and the version, for as long as the process runs. NotAfter keeps watching: a fault in one
 * check must not end all of them, and Electron would show a dialog or only print a warning.
 * @returns stops logging
 */
export function logCrashes(log: Log, version: string): Disposable {
  const what = `NotAfter ${version} on ${process.platform}-${process.arch}`;
  const onException = (error: unknown) => log.error(`uncaught exception in ${what}`, error);
  const onRejection = (reason: unknown) => log.error(`unhandled rejection in ${what}`, reason);
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return {
    [Symbol.dispose]() {
      process.off('uncaughtException', onException);
      process.off('unhandledRejection', onRejection);
    },
  };
}

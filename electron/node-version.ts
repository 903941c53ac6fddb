/** Which releases have all that the program uses: SQLite without a flag, and `isTransaction` of its databases (22.16, 24.0). */
const supportedNodes = '22.16 or newer of 22, or 24 and newer';

/**
 * Says why the program cannot run on a version of Node.
 * @param version as `process.versions.node` has it
 * @returns the sentence, or null if it can
 */
export function refuseNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major >= 24 || (major === 22 && minor >= 16)) return null;
  return `NotAfter needs Node ${supportedNodes}; this is Node ${version}. Install a newer one from https://nodejs.org and try again.`;
}

/**
 * Drops Node's warning that SQLite is experimental, which Node 22 and the first releases of 24 print at every start. Any other warning is
 * printed. Call it before `node:sqlite` is loaded.
 */
export function dropSqliteWarning(): void {
  const emit = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    const isOfSqlite = rest[0] === 'ExperimentalWarning' && String(warning).startsWith('SQLite ');
    // SAFETY: what the caller gave, passed on: the overloads of emitWarning are one function.
    if (!isOfSqlite) (emit as (...all: unknown[]) => void)(warning, ...rest);
  };
}

/** The engine's log: one line for each call, written by its host. */
export interface Log {
  /** The file that the lines go to, where there is one. */
  readonly path?: string;
  info(line: string): void;
  warn(line: string): void;
  error(line: string, error: unknown): void;
  /** Writes what still waits to be written. */
  flush?(): void;
}

/** Where the engine says what it does: one line a call, written by whoever hosts it. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  error(line: string, error: unknown): void;
}

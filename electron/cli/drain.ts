/**
 * Waits until what was printed is written. A pipe takes 64 KiB at a time (pipe(7)), and a program that exits at once loses the rest:
 * Electron's `app.exit` does, where Node on its own waits.
 */
export async function drain(
  streams: readonly NodeJS.WritableStream[] = [process.stdout, process.stderr],
): Promise<void> {
  await Promise.all(
    streams.map((stream) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      // A stream that has failed calls back, too.
      stream.write('', () => resolve());
      return promise;
    }),
  );
}

/**
 * Closes parts one after the other, each whatever the others do.
 * @throws the first fault, once all were closed
 */
export async function closeAll(...parts: readonly (() => unknown)[]): Promise<void> {
  const faults: unknown[] = [];
  for (const close of parts) {
    try {
      await close();
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
}

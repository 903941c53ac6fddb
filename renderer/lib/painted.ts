/** A hidden window is never painted, so this is the longest wait in milliseconds. */
const maxPaintMs = 200;

/** Resolves when what is drawn now has been painted. */
export function painted(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, maxPaintMs);
  return promise;
}

/**
 * Runs work and returns how long the event loop's longest turn took meanwhile, in milliseconds: what everything else had to
 * wait. A monitor by timers would see nothing below its own resolution.
 */
export async function longestTurn(work: () => unknown): Promise<number> {
  let turn = performance.now();
  let longest = 0;
  let isOver = false;
  const look = () => {
    longest = Math.max(longest, performance.now() - turn);
    turn = performance.now();
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await new Promise((resolve) => setImmediate(resolve));
  await work();
  isOver = true;
  await new Promise((resolve) => setImmediate(resolve));
  return longest;
}

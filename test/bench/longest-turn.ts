/** Processor time of this thread so far, in milliseconds: what other programs do to a shared machine is no part of it. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/**
 * Runs work and returns how much the event loop's longest turn computed meanwhile, in milliseconds: what everything else had to
 * wait. A monitor by timers would see nothing below its own resolution, and would see every program beside this one.
 */
export async function longestTurn(work: () => unknown): Promise<number> {
  let turn = cpuMs();
  let longest = 0;
  let isOver = false;
  const look = () => {
    const now = cpuMs();
    longest = Math.max(longest, now - turn);
    turn = now;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await new Promise((resolve) => setImmediate(resolve));
  await work();
  isOver = true;
  await new Promise((resolve) => setImmediate(resolve));
  return longest;
}

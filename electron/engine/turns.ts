import { setImmediate } from 'node:timers/promises';

/** Does work for each item, and after so many lets everything else that waits have its turn: thousands of items hold nothing up. */
export async function inTurns<Item>(
  items: Iterable<Item>,
  perTurn: number,
  work: (item: Item) => unknown,
): Promise<void> {
  let count = 0;
  for (const item of items) {
    if (count > 0 && count % perTurn === 0) await setImmediate();
    work(item);
    count += 1;
  }
}

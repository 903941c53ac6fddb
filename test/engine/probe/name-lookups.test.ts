import { describe, expect, it } from 'vitest';
import { type Address, NameLookups, sharedLookup } from '../../../electron/engine/probe/name-lookups.ts';

/** A name server that answers when the test says so. */
function server(maxRunning = 2) {
  const asked: string[] = [];
  const open = new Map<string, PromiseWithResolvers<Address[]>>();
  const lookups = new NameLookups((name) => {
    if (open.has(name)) throw new Error(`${name} is looked up twice at a time.`);
    asked.push(name);
    const answer = Promise.withResolvers<Address[]>();
    open.set(name, answer);
    return answer.promise.finally(() => open.delete(name));
  }, maxRunning);
  const addresses: Address[] = [{ address: '192.0.2.1', family: 4 }];
  return { lookups, asked, addresses, answer: (name: string) => open.get(name)?.resolve(addresses) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('looking names up', () => {
  it('asks for a name once, however many wait for it', async () => {
    const { lookups, asked, addresses, answer } = server();
    const all = [lookups.find('a'), lookups.find('a')];
    await turn();
    all.push(lookups.find('a'));
    answer('a');
    expect(await Promise.all(all)).toEqual([addresses, addresses, addresses]);
    expect(asked).toEqual(['a']);
    const again = lookups.find('a');
    await turn();
    answer('a');
    await again;
    expect(asked).toEqual(['a', 'a']);
  });

  it('asks for no more at a time than have a thread, and for none that nobody waits for any more', async () => {
    const { lookups, asked, answer } = server(2);
    const giving = new AbortController();
    const silent = ['a', 'b', 'c', 'd'].map((name) => lookups.find(name, giving.signal));
    await turn();
    expect(asked).toEqual(['a', 'b']);
    giving.abort(new Error('the deadline'));
    for (const one of silent) await expect(one).rejects.toThrow('the deadline');
    const later = lookups.find('e');
    // The two that run cannot be called off; whoever asks for them again joins them.
    const joined = lookups.find('a');
    expect(lookups.running).toBe(2);
    await turn();
    expect(asked).toEqual(['a', 'b']);
    answer('a');
    await joined;
    await turn();
    expect(asked).toEqual(['a', 'b', 'e']);
    answer('e');
    await later;
    answer('b');
    await turn();
    expect(lookups.running).toBe(0);
  });

  it('tells each who waits of a failure, and goes on', async () => {
    let calls = 0;
    const lookups = new NameLookups(async () => {
      calls += 1;
      throw new Error('ENOTFOUND');
    }, 1);
    for (const one of [lookups.find('a'), lookups.find('b')]) await expect(one).rejects.toThrow('ENOTFOUND');
    expect(calls).toBe(2);
  });

  it('does nothing for a signal that has aborted', async () => {
    const { lookups, asked } = server();
    await expect(lookups.find('a', AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    await turn();
    expect(asked).toEqual([]);
  });

  it('answers node:net as dns.lookup does', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown[]>();
    sharedLookup('localhost', { family: 4 }, (...answer) => resolve(answer));
    expect(await promise).toEqual([null, '127.0.0.1', 4]);
  });
});

import { createHook } from 'node:async_hooks';
import perfHooks from 'node:perf_hooks';

/**
 * Loaded before a program (`--import`), it answers the message `timers` with what keeps that program from sleeping: timers of less
 * than a second, Node's own among them, and samples of the event loop's delay.
 */
interface TimerLike {
  _idleTimeout: number;
  _repeat: number | null;
}

const restlessMs = 1_000;
const timers = new Map<number, TimerLike>();
const samples: string[] = [];

createHook({
  init(id, type, _trigger, resource) {
    // SAFETY: a resource of the type Timeout is Node's own timer.
    if (type === 'Timeout') timers.set(id, resource as TimerLike);
  },
  destroy(id) {
    timers.delete(id);
  },
}).enable();

// A timer of libuv's, which is no resource of its own.
const { monitorEventLoopDelay } = perfHooks;
perfHooks.monitorEventLoopDelay = (options = {}) => {
  const { resolution = 10 } = options;
  if (resolution < restlessMs) samples.push(`a sample of the event loop every ${resolution} ms`);
  return monitorEventLoopDelay(options);
};

process.on('message', (message) => {
  if (message !== 'timers') return;
  const all = [...timers.values()].filter(({ _idleTimeout }) => _idleTimeout >= 0);
  const short = all
    .filter(({ _idleTimeout }) => _idleTimeout < restlessMs)
    .map(({ _idleTimeout, _repeat }) => `${_idleTimeout} ms${_repeat === null ? '' : ', again and again'}`);
  process.send?.({ short: [...short, ...samples], waits: all.map(({ _idleTimeout }) => _idleTimeout) });
});
process.channel?.unref();

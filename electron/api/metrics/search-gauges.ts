import { Gauge, type Registry } from 'prom-client';
import type { Engine } from '../../engine/engine.ts';

/** For how long the counts of finds are good enough: they are counted again whenever a search or a find changes. */
const countsKeptMs = 300_000;

/** What saved searches have found, and how they ran last. */
export function describeSearches({ discoveries }: Engine, registers: Registry[]): void {
  new Gauge({
    name: 'notafter_discovery_finds',
    help: 'Finds of a saved search by state.',
    labelNames: ['discovery', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { name: discovery, finds } of discoveries.facts(countsKeptMs))
        for (const [state, many] of Object.entries(finds)) this.set({ discovery, state }, many);
    },
  });
  new Gauge({
    name: 'notafter_discovery_last_run_timestamp_seconds',
    help: 'When the last run of a saved search ended, in seconds since the epoch.',
    labelNames: ['discovery'],
    registers,
    collect() {
      this.reset();
      for (const { name: discovery, lastEnded } of discoveries.facts(countsKeptMs))
        if (lastEnded !== null) this.set({ discovery }, (lastEnded.endedAt ?? 0) / 1000);
    },
  });
  new Gauge({
    name: 'notafter_discovery_last_run_success',
    help: '1 if the last run of a saved search that has ended was complete; 0: it failed or was stopped.',
    labelNames: ['discovery'],
    registers,
    collect() {
      this.reset();
      for (const { name: discovery, lastEnded } of discoveries.facts(countsKeptMs))
        if (lastEnded !== null) this.set({ discovery }, lastEnded.state === 'done' ? 1 : 0);
    },
  });
}

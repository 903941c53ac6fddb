/** A year of a company’s certificates, as lines that `notafter replay` reads, and what of it a person must hear. */
export interface SimulatedYear {
  lines: string[];
  /** Hosts whose certificate expired while it was shown. */
  expiring: ReadonlySet<string>;
  /** Hosts of which an alert about expiry is right: nobody renewed them in time, or they are renewed by hand. */
  isNearExpiry: ReadonlySet<string>;
  hosts: number;
}

const dayMs = 86_400_000;
const hour = 1 / 24;
const minute = hour / 60;
export const yearBegins = Date.parse('2027-01-01T00:00:00Z');
/** The day on which a CA has 300 certificates replaced. */
export const incidentDay = 200;
const at = (days: number) => new Date(yearBegins + Math.round(days * dayMs)).toISOString();

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Kind {
  count: number;
  lifetime: number;
  /** How many days before its end each certificate is renewed. */
  lead: (random: () => number) => number;
  every: number;
  isManual?: true;
}

const kinds: readonly Kind[] = [
  { count: 200, lifetime: 90, lead: (random) => 30 - random(), every: 1 },
  { count: 60, lifetime: 64, lead: (random) => 21 - random(), every: 1 },
  { count: 60, lifetime: 47, lead: (random) => 15 - random(), every: 1 },
  { count: 120, lifetime: 398, lead: (random) => 12 + 12 * random(), every: 1, isManual: true },
  { count: 19, lifetime: 1, lead: () => 1 / 3, every: 2 * hour },
  { count: 40, lifetime: 365, lead: (random) => 60 + 60 * random(), every: 1 },
];

/** Sites that are down, each for some hours: the first host and how many. */
const outages = [
  { day: 40.4, hours: 3, from: 0, count: 40 },
  { day: 101.2, hours: 7, from: 200, count: 40 },
  { day: 160.7, hours: 2, from: 320, count: 60 },
  { day: 250.5, hours: 12, from: 100, count: 40 },
  { day: 320.1, hours: 5, from: 0, count: 200 },
];
/** Days on which this machine was off or offline, so that nothing was checked. */
const absences = [
  [70, 72],
  [180, 181],
  [300.3, 303],
] as const;
const isAway = (day: number) => absences.some(([from, to]) => day >= from && day < to);
/** Hosts whose renewal fails from a day on, until somebody renews them by hand. */
const failing = [
  { host: 3, from: 90, until: 160 },
  { host: 50, from: 150, until: 300 },
  { host: 210, from: 30, until: 365 },
  { host: 265, from: 260, until: 365 },
];

interface Line {
  day: number;
  line: object;
}

export function simulateYear(seed: number): SimulatedYear {
  const random = seeded(seed);
  const all: Line[] = [];
  const expiring = new Set<string>();
  const isNearExpiry = new Set<string>();
  let index = 0;
  for (const kind of kinds) {
    for (let member = 0; member < kind.count; member += 1, index += 1) {
      const host = `h${index}.example`;
      const outage = outages.filter(({ from, count }) => index >= from && index < from + count);
      const failure = failing.find((one) => one.host === index);
      if (kind.isManual || failure) isNearExpiry.add(host);
      let begins = -random() * (kind.lifetime - kind.lead(random));
      let lead = kind.lead(random);
      let key = 0;
      const offset = random();
      for (let day = offset * kind.every; day < 365; day += kind.every) {
        if (isAway(day)) continue;
        const isStuck = failure !== undefined && day >= failure.from && day < failure.until;
        const isReplaced = index < 300 && Math.floor(day) === incidentDay && key < 1_000;
        while ((day >= begins + kind.lifetime - lead && !isStuck) || (isReplaced && key < 1_000)) {
          if (day > begins + kind.lifetime && kind.lifetime > 1) expiring.add(host);
          // What failed is renewed when somebody sees to it; all else at its time.
          begins = isReplaced || failure ? day : begins + kind.lifetime - lead;
          lead = kind.lead(random);
          key = isReplaced ? 1_000 : key + 1;
        }
        const down = outage.find((one) => day >= one.day && day < one.day + one.hours * hour);
        if (down) {
          // It is tried again after 1, 5 and 15 minutes, and then every hour until the host is back.
          const until = down.day + down.hours * hour;
          const tries = [0, minute, 6 * minute, 21 * minute];
          for (let more = 21 * minute + hour; day + more < until; more += hour) tries.push(more);
          for (const wait of tries.filter((one) => day + one < until))
            all.push({
              day: day + wait,
              line: { at: at(day + wait), host, unreachable: 'It does not answer.' },
            });
          day = Math.max(day, until - kind.every + minute * member);
          if (day + kind.every >= 365) break;
          continue;
        }
        if (day > begins + kind.lifetime) expiring.add(host);
        const certificate = {
          validFrom: at(begins),
          validTo: at(begins + kind.lifetime),
          key: `${index}-${key}`,
        };
        all.push({ day, line: { at: at(day), host, certificate } });
      }
    }
  }
  all.push(...deliveryNetwork(random));
  const lines = all.toSorted((one, other) => one.day - other.day).map(({ line }) => JSON.stringify(line));
  const settings = { quietHours: { from: '22:00', to: '07:00', timezone: 'Europe/Berlin' } };
  return { lines: [JSON.stringify({ settings }), ...lines], expiring, isNearExpiry, hosts: index + 1 };
}

/** One name with 20 edges, each of which renews its certificate of 90 days by itself, and any of which answers. */
function deliveryNetwork(random: () => number): Line[] {
  const begins = Array.from({ length: 20 }, () => -60 * random());
  const keys = begins.map(() => 0);
  const lines: Line[] = [];
  for (let day = 0.1; day < 365; day += 0.25) {
    if (isAway(day)) continue;
    for (const [edge, begin] of begins.entries()) {
      if (day < begin + 60) continue;
      begins[edge] = begin + 60;
      keys[edge] = (keys[edge] ?? 0) + 1;
    }
    const answers = Math.floor(random() * 20);
    const from = begins[answers] ?? 0;
    const certificate = {
      validFrom: at(from),
      validTo: at(from + 90),
      key: `edge-${answers}-${keys[answers]}`,
      id: `${answers}`,
    };
    lines.push({ day, line: { at: at(day), host: 'cdn.example', certificate } });
  }
  return lines;
}

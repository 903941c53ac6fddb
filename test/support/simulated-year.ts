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

/** Returns the year that a seed makes: the same for the same seed. */
export function simulateYear(seed: number): SimulatedYear {
  const random = seeded(seed);
  const all: Line[] = [];
  const expiring = new Set<string>();
  const isNearExpiry = new Set<string>();
  let hosts = 0;
  for (const kind of kinds) {
    for (let member = 0; member < kind.count; member += 1, hosts += 1) {
      const host = new SimulatedHost(hosts, member, kind, random);
      if (host.isRenewedByHand) isNearExpiry.add(host.name);
      all.push(...host.play());
      if (host.hasExpired) expiring.add(host.name);
    }
  }
  all.push(...deliveryNetwork(random));
  const lines = all.toSorted((one, other) => one.day - other.day).map(({ line }) => JSON.stringify(line));
  const settings = { quietHours: { from: '22:00', to: '07:00', timezone: 'Europe/Berlin' } };
  return { lines: [JSON.stringify({ settings }), ...lines], expiring, isNearExpiry, hosts: hosts + 1 };
}

/** One host, with the certificates that it shows over the year. */
class SimulatedHost {
  readonly name: string;
  readonly isRenewedByHand: boolean;
  hasExpired = false;
  readonly #index: number;
  readonly #member: number;
  readonly #kind: Kind;
  readonly #random: () => number;
  readonly #failure: (typeof failing)[number] | undefined;
  /** Days at which the certificate begins, before its end it is renewed, and the number of its key. */
  #begins: number;
  #lead: number;
  #key = 0;

  constructor(index: number, member: number, kind: Kind, random: () => number) {
    this.name = `h${index}.example`;
    this.#index = index;
    this.#member = member;
    this.#kind = kind;
    this.#random = random;
    this.#failure = failing.find((one) => one.host === index);
    this.isRenewedByHand = kind.isManual === true || this.#failure !== undefined;
    this.#begins = -random() * (kind.lifetime - kind.lead(random));
    this.#lead = kind.lead(random);
  }

  play(): Line[] {
    const lines: Line[] = [];
    const { every } = this.#kind;
    for (let day = this.#random() * every; day < 365; day += every) {
      if (isAway(day)) continue;
      this.#renew(day);
      const down = this.#outageAt(day);
      if (down === undefined) lines.push(this.#shown(day));
      else {
        const until = down.day + down.hours * hour;
        lines.push(...this.#unanswered(day, until));
        day = Math.max(day, until - every + minute * this.#member);
      }
    }
    return lines;
  }

  #outageAt(day: number) {
    return outages.find(
      (one) =>
        this.#index >= one.from &&
        this.#index < one.from + one.count &&
        day >= one.day &&
        day < one.day + one.hours * hour,
    );
  }

  #renew(day: number): void {
    const { lifetime, lead } = this.#kind;
    const failure = this.#failure;
    const isStuck = failure !== undefined && day >= failure.from && day < failure.until;
    const isReplaced = this.#index < 300 && Math.floor(day) === incidentDay && this.#key < 1_000;
    while ((day >= this.#begins + lifetime - this.#lead && !isStuck) || (isReplaced && this.#key < 1_000)) {
      if (day > this.#begins + lifetime && lifetime > 1) this.hasExpired = true;
      // What failed is renewed when somebody sees to it; all else at its time.
      this.#begins = isReplaced || failure ? day : this.#begins + lifetime - this.#lead;
      this.#lead = lead(this.#random);
      this.#key = isReplaced ? 1_000 : this.#key + 1;
    }
  }

  /** It is tried again after 1, 5 and 15 minutes, and then every hour until the host is back. */
  #unanswered(day: number, until: number): Line[] {
    const tries = [0, minute, 6 * minute, 21 * minute];
    for (let more = 21 * minute + hour; day + more < until; more += hour) tries.push(more);
    return tries
      .map((wait) => day + wait)
      .filter((one) => one < until)
      .map((one) => ({
        day: one,
        line: { at: at(one), host: this.name, unreachable: 'It does not answer.' },
      }));
  }

  #shown(day: number): Line {
    const { lifetime } = this.#kind;
    if (day > this.#begins + lifetime) this.hasExpired = true;
    const certificate = {
      validFrom: at(this.#begins),
      validTo: at(this.#begins + lifetime),
      key: `${this.#index}-${this.#key}`,
    };
    return { day, line: { at: at(day), host: this.name, certificate } };
  }
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

/** Returns numbers below a limit that look random and are the same for a seed, so that a case can be run again. */
export type Random = (below: number) => number;

/** Returns the numbers of a seed, by mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function oneOf<Value>(values: readonly Value[], random: Random): Value {
  const value = values[random(values.length)];
  if (value === undefined) throw new Error('There is nothing to choose from.');
  return value;
}

/** Ways in which bytes of others go wrong. */
const mutations: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => {
    const changed = Buffer.from(bytes);
    for (let count = 0; count <= random(4); count += 1) changed[random(bytes.length)] = random(256);
    return changed;
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  (bytes, random) => {
    const at = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(random(40), random(256)), bytes.subarray(at)]);
  },
  (bytes, random) => {
    const at = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + random(20)))]);
  },
  (bytes) => Buffer.concat([bytes, bytes]),
  (bytes, random) => {
    // A length, wherever one may stand, of all or nothing.
    const changed = Buffer.from(bytes);
    changed.fill(random(2) * 255, random(bytes.length));
    return changed;
  },
];

/** Breaks bytes in one of the ways. Empty bytes stay so. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  return bytes.length === 0 ? bytes : oneOf(mutations, random)(bytes, random);
}

/** Returns up to so many bytes of noise. */
export function noise(below: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length: random(below) }, () => random(256)));
}

import { isIP } from 'node:net';
import { basename } from 'node:path';
import { wireName } from '../../../../../shared/domain/target.ts';
import type { NameCollector, NameReader, NameText } from '../name-source.ts';
import { addRecordNames } from '../zone/record-names.ts';
import { type ZoneEntry, zoneEntries } from '../zone/tokens.ts';

/** Records that one `$GENERATE` may make. */
const maxGenerated = 1_024;
/** Records of a zone, with those that it includes and generates. */
const maxRecords = 200_000;
/**
 * Characters of a name: 255 octets (RFC 1035 §2.3.4), each of which may be written as four. BIND takes 2,048 for the owner of a `$GENERATE` (master.c,
 * DNS_MASTER_LHS).
 */
const maxNameLength = 1_020;

/**
 * Reads a DNS zone (RFC 1035 §5 master file, RFC 2308 `$TTL`, BIND’s `$GENERATE`): hosts of A, AAAA and CNAME, and the services of MX, SRV
 * (RFC 2782), TLSA (RFC 6698), SVCB and HTTPS (RFC 9460) at their ports.
 */
export const zone: NameReader = {
  title: 'DNS zone file',
  gives: 'Hosts with their addresses, and the services of MX, SRV, TLSA, SVCB and HTTPS records.',
  fits: (text) => /^\$(?:ORIGIN|TTL)[ \t]/m.test(text) || /[ \t](?:IN[ \t]+)?SOA[ \t]+\S/.test(text),
  async read(from, into) {
    const reader = new ZoneReader(into);
    await reader.read(from, originOf(from));
    reader.end(from);
  },
};

/** Zones are kept in files of their name: `db.example.com`, `example.com.zone`. Null where the name is none. */
function originOf({ file }: NameText): string | null {
  const name = basename(file)
    .replace(/^db\./, '')
    .replace(/\.(?:zone|db|hosts|txt)$/, '');
  return name.includes('.') && wireName(name) !== null && isIP(name) === 0 ? `${name}.` : null;
}

class ZoneReader {
  readonly #into: NameCollector;
  #owner: string | null = null;
  #relative = 0;
  #firstRelative = 0;
  #records = 0;

  constructor(into: NameCollector) {
    this.#into = into;
  }

  async read(from: NameText, given: string | null): Promise<void> {
    let origin = given;
    for (const entry of zoneEntries(from.text)) {
      if (!this.#mayGoOn(from, entry.line)) return;
      const [first = '', second = ''] = entry.words;
      const control = first.toUpperCase();
      if (control === '$ORIGIN') origin = this.#whole(second, origin, entry);
      else if (control === '$INCLUDE') await this.#include(entry, from, origin);
      else if (control === '$GENERATE') this.#generate(entry, from, origin);
      else if (!first.startsWith('$')) this.#record(entry, from, origin);
    }
  }

  #mayGoOn(from: NameText, line: number): boolean {
    this.#records += 1;
    if (this.#records === maxRecords + 1)
      this.#into.note(
        `The zone has more than ${maxRecords.toLocaleString('en')} records: the rest is left out.`,
        from,
        line,
      );
    return this.#records <= maxRecords;
  }

  /** Neither the origin nor the owner of the file outside changes by what it includes (RFC 1035 §5.1). */
  async #include(entry: ZoneEntry, from: NameText, origin: string | null): Promise<void> {
    const [, path = '', own] = entry.words;
    const owner = this.#owner;
    const inner = own === undefined ? origin : this.#whole(own, origin, entry);
    for (const text of await this.#into.include(path, from, entry.line)) await this.read(text, inner);
    this.#owner = owner;
  }

  end(from: NameText): void {
    if (this.#relative > 0)
      this.#into.note(
        `${this.#relative} relative names are left out, since there is no $ORIGIN: name the file after its zone, or add $ORIGIN.`,
        from,
        this.#firstRelative,
      );
  }

  #whole(name: string, origin: string | null, { line }: Pick<ZoneEntry, 'line'>): string | null {
    if (name.length + (origin?.length ?? 0) > maxNameLength) return null;
    if (name.endsWith('.') && !name.endsWith('\\.')) return name;
    if (origin === null) {
      this.#relative += 1;
      this.#firstRelative ||= line;
      return null;
    }
    if (name === '@') return origin;
    return origin === '.' ? `${name}.` : `${name}.${origin}`;
  }

  #record({ isIndented, words, line }: ZoneEntry, from: NameText, origin: string | null): void {
    const [first = '', ...after] = words;
    if (!isIndented) this.#owner = this.#whole(first, origin, { line });
    const [type = '', ...data] = withoutClass(isIndented ? words : after);
    if (this.#owner === null) return;
    const record = { owner: this.#owner, type: type.toUpperCase(), data, line, from };
    addRecordNames(record, this.#into, (name) => this.#whole(name, origin, { line }));
  }

  /** `$GENERATE 1-20/2 host$ A 10.0.0.$`: `$` is the number, `${offset,width,base}` another form of it. */
  #generate({ words, line }: ZoneEntry, from: NameText, origin: string | null): void {
    const [, range = '', ...record] = words;
    const parts = /^(\d{1,9})-(\d{1,9})(?:\/(\d{1,9}))?$/.exec(range);
    const [start, stop, step] = [Number(parts?.[1]), Number(parts?.[2]), Number(parts?.[3] ?? 1)];
    if (!parts || stop < start || step === 0) {
      this.#into.note(`“$GENERATE ${range}” is not a range.`, from, line);
      return;
    }
    if (record.join(' ').length > maxNameLength) {
      this.#into.note('The record of $GENERATE is too long.', from, line);
      return;
    }
    let made = 0;
    for (let number = start; number <= stop; number += step, made += 1) {
      if (!this.#mayGoOn(from, line)) return;
      if (made >= maxGenerated) {
        this.#into.note(
          `$GENERATE makes more than ${maxGenerated} records: the rest is left out.`,
          from,
          line,
        );
        return;
      }
      const own = record.map((word) => withNumber(word, number));
      this.#record({ isIndented: false, words: own, line }, from, origin);
    }
  }
}

/** Class and TTL come in either order, and either may be missing. */
function withoutClass(words: readonly string[]): string[] {
  const at = words.findIndex((word) => !/^(?:in|ch|hs|cs|\d+|(?:\d+[smhdw])+)$/i.test(word));
  return at === -1 ? [] : words.slice(at);
}

/** The bases of `$GENERATE`. */
const bases: Readonly<Record<string, number>> = { d: 10, o: 8, x: 16, X: 16 };

function withNumber(word: string, number: number): string {
  return word.replace(
    /\$(?:\{(-?\d{1,9})(?:,(\d{1,2}))?(?:,([doxX]))?\})?/g,
    (_, offset, width, base = 'd') => {
      const digits = (number + Number(offset ?? 0)).toString(bases[base]);
      return (base === 'X' ? digits.toUpperCase() : digits).padStart(Number(width ?? 0), '0');
    },
  );
}

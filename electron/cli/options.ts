import { InvalidArgumentError } from 'commander';
import { type StarttlsProtocol, starttlsProtocols } from '../../shared/schema/target.ts';

/** Gathers an option that may be repeated. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

export function readStarttls(value: string): StarttlsProtocol {
  const known = starttlsProtocols.find((protocol) => protocol === value);
  if (!known) throw new InvalidArgumentError(`It is one of ${starttlsProtocols.join(', ')}.`);
  return known;
}

/** Reads a number within bounds. */
export function readNumber(name: string, least: number, most: number, isWhole = false) {
  return (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!(value >= least && value <= most) || (isWhole && !Number.isInteger(value))) {
      throw new InvalidArgumentError(
        `${name} is a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}.`,
      );
    }
    return value;
  };
}

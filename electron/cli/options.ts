import { InvalidArgumentError } from 'commander';
import { watchedRoles } from '../../shared/schema/source.ts';
import { type StarttlsProtocol, starttlsProtocols } from '../../shared/schema/target.ts';

/** Gathers an option that may be repeated. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** Protocols that `--starttls` takes; `none`: TLS from the first byte, also on a port where STARTTLS is usual. */
export const starttlsChoices: readonly string[] = [...starttlsProtocols, 'none'];

/** What `--starttls` is: a protocol, or `none`. */
export type StarttlsOption = StarttlsProtocol | 'none';

/** Returns what a target has for the option; null: TLS from the first byte. */
export function starttlsOf(option: StarttlsOption): StarttlsProtocol | null {
  return option === 'none' ? null : option;
}

/** Reads `--starttls`. */
export function readStarttls(value: string): StarttlsOption {
  if (value === 'none') return value;
  const known = starttlsProtocols.find((protocol) => protocol === value);
  if (!known) throw new InvalidArgumentError(`It is one of ${starttlsChoices.join(', ')}.`);
  return known;
}

/** Reads `--roles`: names with commas between; what is repeated is added. */
export function readRoles(
  value: string,
  before: readonly (typeof watchedRoles)[number][] = [],
): (typeof watchedRoles)[number][] {
  const roles = value.split(',').map((word) => {
    const known = watchedRoles.find((role) => role === word.trim());
    if (!known) throw new InvalidArgumentError(`Each is one of ${watchedRoles.join(', ')}.`);
    return known;
  });
  return [...new Set([...before, ...roles])];
}

/** Digits, with a fraction or without: no `0x10`, `1e3` or `Infinity`, which JavaScript takes for numbers. */
const plainNumber = /^-?(?:\d+(?:\.\d+)?|\.\d+)$/;

/** Reads a number within bounds. */
export function readNumber(name: string, least: number, most: number, isWhole = false) {
  return (text: string): number => {
    const value = plainNumber.test(text.trim()) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most) || (isWhole && !Number.isInteger(value))) {
      throw new InvalidArgumentError(
        `${name} is a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}.`,
      );
    }
    return value;
  };
}

import { randomUUID } from 'node:crypto';
import type { NewSource, Source } from '../../../shared/schema/source.ts';

/** A name that another source has already. */
export class SourceNameTakenError extends Error {
  override name = 'SourceNameTakenError';
}

/** @param id the source that the name is for; null: a new one @throws SourceNameTakenError */
export function refuseTakenName(name: string, id: string | null, existing: Iterable<Source>): void {
  for (const source of existing)
    if (source.name === name && source.id !== id)
      throw new SourceNameTakenError('Another source has this name.');
}

/**
 * Makes sources of what was entered, which nothing was found for yet.
 * @param now the time in ISO 8601
 * @throws SourceNameTakenError
 */
export function makeSources(inputs: readonly NewSource[], existing: Iterable<Source>, now: string): Source[] {
  const known = [...existing];
  for (const input of inputs) {
    refuseTakenName(input.name, null, known);
    known.push({ id: randomUUID(), ...input, entries: [], createdAt: now, updatedAt: now });
  }
  return known.slice(known.length - inputs.length);
}

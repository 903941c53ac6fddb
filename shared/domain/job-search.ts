import type { JobView } from '../schema/job.ts';
import { problemKind } from './problems/problem-kinds.ts';
import { formatTarget, isFileTarget, wireName } from './target.ts';

type Searched = Pick<JobView, 'target' | 'name' | 'tags' | 'notes' | 'paused' | 'lastCheck'>;

/**
 * Returns the text by which a job is found, in lower case: its target as people write it and by its name on the wire (RFC
 * 5890) with the port, its display name, tags and notes; names, subject, issuer, serial number, fingerprint and address of
 * its certificate; its problems by label, code and sentence, accepted ones too; and every word that a list shows of it.
 */
export function searchText({ target, name, tags, notes, paused, lastCheck }: Searched): string {
  const wire = isFileTarget(target) ? '' : `${wireName(target.host) ?? ''} ${target.port}`;
  const text = [
    name,
    formatTarget(target),
    wire,
    ...tags,
    notes,
    lastCheck?.issuer ?? '',
    lastCheck?.keywords ?? '',
    ...problemTexts(lastCheck),
    paused ? 'paused' : '',
    lastCheck?.status ?? 'pending not checked yet',
  ].join(' ');
  return foldText(text);
}

function problemTexts(lastCheck: Searched['lastCheck']): string[] {
  if (!lastCheck) return [];
  const { problems, renewalOverdueAt, checkedAt } = lastCheck;
  const isOverdue = renewalOverdueAt !== null && renewalOverdueAt <= checkedAt;
  return problems
    .filter(({ severity }) => severity !== 'note')
    .flatMap(({ code, message, accepted }) => [
      code,
      problemKind(code)?.label ?? '',
      message,
      accepted ? 'accepted' : '',
      code === 'expiring' && isOverdue ? 'renewal overdue' : '',
    ]);
}

/** Returns a text as it is compared: in lower case, and with one kind of apostrophe, of which people type either. */
export function foldText(text: string): string {
  return text.toLowerCase().replaceAll('\u2019', "'");
}

/** A serial number or fingerprint as tools print it: pairs of hexadecimal digits. */
const hexPairs = /^[0-9a-f]{2}(?::[0-9a-f]{2}){2,}:?$/;
/** What `openssl x509 -serial -fingerprint` prints before them. */
const printed = /^(?:serial|fingerprint)=/;
/** The sign of a positive number (X.690 §8.3), which some tools print. */
const signByte = /^00/;

/**
 * Returns the words of a search, each of which a job's text must contain. Serial numbers and fingerprints may be written as
 * tools print them: in capitals, with colons, with a zero byte in front.
 */
export function searchWords(search: string): string[] {
  return foldText(search)
    .split(/\s+/)
    .map((word) => word.replace(printed, ''))
    .filter(Boolean)
    .map((word) => (hexPairs.test(word) ? word.replaceAll(':', '').replace(signByte, '') : word));
}

import { compareStatus } from '../../../shared/domain/severity.ts';
import type { Attempt, CheckResult } from '../../../shared/schema/check-result.ts';
import { list } from '../../../shared/text/words.ts';
import type { Address } from './addresses.ts';

/** What one address showed. */
export interface AddressResult<Checked extends { result: CheckResult }> {
  address: string;
  checked: Checked;
}

/** A name with more addresses than this is checked on the first ones. */
const maxAddresses = 64;

/** Checks each address on its own, all at the same time: they share the check's deadline, and one that is silent costs the others none of it. */
export function checkEach<Checked extends { result: CheckResult }>(
  addresses: readonly Address[],
  check: (address: Address) => Promise<Checked>,
): Promise<AddressResult<Checked>[]> {
  const checks = addresses
    .slice(0, maxAddresses)
    .map(async (one) => ({ address: one.address, checked: await check(one) }));
  return Promise.all(checks);
}

/**
 * Returns the worst of what several addresses showed, with what each showed beside it. Its sentences name the address that they are
 * about, and the first one those that are fine.
 * @param skipped addresses of IPv6 that a machine without IPv6 cannot reach
 */
export function joinAddresses<Checked extends { result: CheckResult }>(
  all: readonly AddressResult<Checked>[],
  skipped: readonly Address[],
): Checked {
  const sorted = all.toSorted((one, other) =>
    compareStatus(one.checked.result.status, other.checked.result.status),
  );
  const [worst, ...others] = sorted;
  if (!worst) throw new Error('No address was checked.');
  const { result } = worst.checked;
  const addresses = sorted.map(({ address, checked }) => ({
    address,
    status: checked.result.status,
    fingerprint256: checked.result.certificate?.fingerprint256 ?? null,
  }));
  const attempts = [
    ...sorted.map(({ address, checked }): Attempt => ({ address, outcome: outcomeOf(checked.result) })),
    ...skipped.map(({ address }): Attempt => ({ address, outcome: 'no-ipv6' })),
  ];
  const joined = { ...result, address: result.address ?? worst.address, addresses, attempts };
  if (result.status === 'ok' || others.length + skipped.length === 0)
    return { ...worst.checked, result: joined };
  const isCommon = (code: string) =>
    others.every(({ checked }) => checked.result.problems.some((problem) => problem.code === code));
  const about = othersInWords(others, skipped);
  let isFirst = true;
  const problems = result.problems.map((problem) => {
    if (problem.severity === 'note' || (others.length > 0 && isCommon(problem.code))) return problem;
    const message = `${worst.address}: ${problem.message}${isFirst ? about : ''}`;
    isFirst = false;
    return { ...problem, message };
  });
  const unreachable = result.unreachable && {
    ...result.unreachable,
    message: problems[0]?.message ?? result.unreachable.message,
  };
  return { ...worst.checked, result: { ...joined, problems, unreachable } };
}

function othersInWords<Checked extends { result: CheckResult }>(
  others: readonly AddressResult<Checked>[],
  skipped: readonly Address[],
): string {
  const fine = others.filter(({ checked }) => checked.result.status === 'ok').map(({ address }) => address);
  const wrong = others
    .filter(({ checked }) => checked.result.status !== 'ok')
    .map(({ address, checked }) => `${address} is ${checked.result.status}`);
  return [
    fine.length === 0 ? '' : ` ${list(fine)} ${fine.length === 1 ? 'is' : 'are'} fine.`,
    wrong.length === 0 ? '' : ` ${list(wrong)}.`,
    skipped.length === 0
      ? ''
      : ` ${list(skipped.map(({ address }) => address))} ${skipped.length === 1 ? 'was' : 'were'} skipped: this machine has no IPv6.`,
  ].join('');
}

/** Only a connection takes time: where there was one, the address answered. */
function outcomeOf({ timings, unreachable }: CheckResult): Attempt['outcome'] {
  if (timings.tcp !== null) return 'answered';
  return unreachable?.reason === 'timeout' ? 'no-answer' : 'refused';
}

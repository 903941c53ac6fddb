import type { Unreachable, UnreachableReason } from '../../../shared/schema/check-result.ts';

interface UnreachableOptions extends ErrorOptions {
  /** What a person can do, where it is another than what is usual for the reason. */
  remedy?: string;
}

/** A target that shows no certificate: a result, carried as an exception only from where it is met to `check`. */
export class UnreachableError extends Error implements Unreachable {
  readonly reason: UnreachableReason;
  readonly remedy: string | undefined;

  constructor(reason: UnreachableReason, message: string, { remedy, ...options }: UnreachableOptions = {}) {
    super(message, options);
    this.name = 'UnreachableError';
    this.reason = reason;
    this.remedy = remedy;
  }
}

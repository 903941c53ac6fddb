import type { FileTarget } from '../../../../shared/schema/target.ts';
import { whyUnreadable } from '../../verify/certificate.ts';
import { openContainer } from './certificate-file.ts';
import { describeMembers, type MemberFacts } from './entries.ts';
import { FormError } from './forms/held.ts';
import { InputFileError } from './input-file.ts';

/** What a file is, without any judgement. */
export interface FileDescription {
  path: string;
  /** `PEM`, `DER`, `PKCS#7`, `PKCS#12`, `JKS`…; null where it cannot be read. */
  form: string | null;
  /** What it is where it holds no certificate, or why it cannot be read, as a sentence; null where it holds some. */
  message: string | null;
  /** Whether it holds certificates that cannot be read: it is broken, encrypted or not to be opened. */
  isUnreadable: boolean;
  /** Every certificate in it, in its order. */
  entries: MemberFacts[];
}

/** Tells what a file is and what it holds. @throws the signal's reason where it aborts */
export async function describeFile(target: FileTarget, signal: AbortSignal): Promise<FileDescription> {
  const { file: path } = target;
  const failed = (message: string): FileDescription => ({
    path,
    form: null,
    message,
    isUnreadable: true,
    entries: [],
  });
  try {
    const { form, held, is } = await openContainer(target, signal);
    const entries = describeMembers(held);
    if (held.length > 0 && entries.length === 0)
      return failed(`${path} holds a certificate that cannot be read: ${whyUnreadable(held[0]?.der)}.`);
    const message = entries.length === 0 ? `${path} is ${is ?? 'a file without certificates'}.` : null;
    return { path, form, message, isUnreadable: false, entries };
  } catch (error) {
    if (error instanceof FormError) return failed(`${path} ${error.message}`);
    if (error instanceof InputFileError) return failed(error.message);
    throw error;
  }
}

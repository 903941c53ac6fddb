import type { z } from 'zod';
import { filePathProblem } from '../domain/file-path.ts';

/** A path within a value, and the fields that lead to it. */
type NamedPath = [fields: (string | number)[], path: string | null | undefined];

/**
 * Refines what comes from outside: each path in it must name a file of this computer. What is stored is read as it is; the check of its
 * job says what is wrong with a path, so that no file of jobs fails to load by one.
 */
export function localPaths<Value>(
  pathsOf: (value: Value) => NamedPath[],
): (value: Value, context: z.core.$RefinementCtx) => void {
  return (value, context) => {
    for (const [fields, path] of pathsOf(value)) {
      const message = path ? filePathProblem(path) : null;
      if (message !== null) context.addIssue({ code: 'custom', path: fields, message });
    }
  };
}

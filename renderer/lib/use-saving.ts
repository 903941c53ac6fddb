import { useState } from 'react';
import { issuesOf } from './issues.ts';
import { sentenceOf } from './report-failure.ts';

/** How saving a dialog goes, as FormDialog takes it. */
interface Saving {
  isSaving: boolean;
  /** Why it could not be saved, where no field is wrong; null: no failure. */
  failure: string | null;
  save: (work: () => Promise<unknown>) => Promise<void>;
}

/**
 * Saves what a dialog has, and puts the engine's validation errors at their fields.
 * @param setFieldError as @mantine/form's
 * @param fieldOf returns the field of the form for one of the engine's; the same by default
 */
export function useSaving(
  setFieldError: (field: string, message: string) => void,
  onSaved: () => void,
  fieldOf: (field: string) => string = (field) => field,
): Saving {
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const save = async (work: () => Promise<unknown>) => {
    setSaving(true);
    setFailure(null);
    try {
      await work();
      onSaved();
    } catch (error) {
      const issues = issuesOf(error);
      for (const { path: [field = ''] = [], message } of issues)
        setFieldError(fieldOf(String(field)), message);
      if (issues.length === 0) setFailure(sentenceOf(error));
    } finally {
      setSaving(false);
    }
  };
  return { isSaving, failure, save };
}

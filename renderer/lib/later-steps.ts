import { hideUndoToast, showUndoToast, undoMs } from '../components/undo-toast.tsx';
import { announce } from './announce.ts';
import { setLaterSubjects } from './later-subjects.ts';
import { reportFailure } from './report-failure.ts';

/** A step that is shown as done at once, and done when it can no longer be undone. */
export interface LaterStep {
  /** What the step is about: `alertSubject(17)`. Shown as done while the step waits. */
  subjects: readonly string[];
  message: string;
  /** The name of the undo button for screen readers. */
  label: string;
  run: () => Promise<unknown>;
  failure: string;
}

const waiting = new Map<string, { step: LaterStep; timer: ReturnType<typeof setTimeout> }>();
let count = 0;

function changed(): void {
  setLaterSubjects([...waiting.values()].flatMap(({ step }) => step.subjects));
}

/** Does a step in ten seconds, or when the page closes, unless it is undone by the toast or Ctrl+Z. */
export function runLater(step: LaterStep): void {
  count += 1;
  const key = `step ${count}`;
  waiting.set(key, { step, timer: setTimeout(() => void finish(key), undoMs) });
  changed();
  showUndoToast({ key, message: step.message, label: step.label, undo: () => withdraw(key) });
  announce(`${step.message}. Press Control Z to undo.`);
}

function withdraw(key: string): LaterStep | null {
  const found = waiting.get(key);
  if (!found) return null;
  clearTimeout(found.timer);
  waiting.delete(key);
  changed();
  return found.step;
}

async function finish(key: string): Promise<void> {
  const found = waiting.get(key);
  if (!found) return;
  clearTimeout(found.timer);
  hideUndoToast(key);
  // Shown as done until the answer is there, which changes what is shown.
  await reportFailure(found.step.run(), found.step.failure);
  waiting.delete(key);
  changed();
}

// Leaving the page confirms them.
window.addEventListener('pagehide', () => {
  for (const key of [...waiting.keys()]) void finish(key);
});

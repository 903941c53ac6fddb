import { useEffect, useState } from 'react';
import type { DiscoveryPlan } from '../../shared/schema/discovery.ts';
import type { SavedSearchInput } from '../../shared/schema/saved-search.ts';
import { useApi } from '../lib/api-context.tsx';
import { issuesOf } from '../lib/issues.ts';
import classes from './discover.module.css';
import { planWords } from './search-words.ts';

/** How long typing must pause before the plan is asked for, in milliseconds. */
const pauseMs = 300;

/** Shows what a search would do, as it is typed. Nothing is sent for it. @param input null: it cannot be read yet */
export function PlanPreview({ input }: { input: SavedSearchInput | null }) {
  const { plan, problem } = usePlan(input);
  return (
    <div className={classes['plan']} role="status" aria-label="Plan">
      {plan && plan.connections > 0 && <p>{planWords(plan)}</p>}
      {[...(plan?.refused ?? []), ...(problem === null ? [] : [problem])].map((sentence) => (
        <p key={sentence} className={classes['failed']}>
          {sentence}
        </p>
      ))}
      {plan?.notes.map((note) => (
        <p key={note} className="dim">
          {note}
        </p>
      ))}
    </div>
  );
}

interface Planned {
  plan: DiscoveryPlan | null;
  problem: string | null;
}

const nothing: Planned = { plan: null, problem: null };

/** Nothing to search yet: there is no plan of that. */
const isEmpty = ({ targets, files, dns, watched }: SavedSearchInput) =>
  [targets, files, dns].every((all) => all?.length === 0) && !watched;

function usePlan(input: SavedSearchInput | null): Planned {
  const api = useApi();
  const [planned, setPlanned] = useState<Planned>(nothing);
  // What is typed is another object with each key: its text says whether it is the same.
  const text = input === null || isEmpty(input) ? null : JSON.stringify({ ...input, name: 'plan' });
  useEffect(() => {
    if (text === null) {
      setPlanned(nothing);
      return;
    }
    const controller = new AbortController();
    const timer = setTimeout(() => {
      // SAFETY: it was made of an input above.
      api.discoveries.plan(JSON.parse(text) as SavedSearchInput, { signal: controller.signal }).then(
        (plan) => setPlanned({ plan, problem: null }),
        (error: unknown) => {
          if (controller.signal.aborted) return;
          // What else is wrong the form says at its field when it is saved.
          const [issue] = issuesOf(error).filter(({ path }) => path?.[0] === 'ports');
          setPlanned({ plan: null, problem: issue?.message ?? null });
        },
      );
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [api, text]);
  return planned;
}

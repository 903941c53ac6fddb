import { describe, expect, it } from 'vitest';
import { rulesVersion } from '../../../electron/engine/verify/rules-version.ts';
import { problemEntries } from '../../../shared/domain/problems/problem-kinds.ts';
import rules from './rules.json' with { type: 'json' };

describe('the version of the rules', () => {
  it('is raised with each problem that is added, left out or graded anew, so that people get one summary', () => {
    const problems = Object.fromEntries(problemEntries.map(([code, { severity }]) => [code, severity]));
    // Where this fails: raise `rulesVersion`, and write both into rules.json.
    expect({ version: rulesVersion, problems }).toEqual(rules);
  });
});

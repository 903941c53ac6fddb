import { SegmentedControl } from '@mantine/core';
import { setPreferences, usePreferences } from '../../lib/preferences.ts';

/** Chooses how far the timeline reaches. */
export function TimeSpan() {
  const { timeline } = usePreferences();
  return (
    <SegmentedControl
      size="xs"
      aria-label="Time span"
      value={timeline}
      onChange={(value) => setPreferences({ timeline: value === 'year' ? 'year' : 'quarter' })}
      data={[
        { value: 'quarter', label: '3 months' },
        { value: 'year', label: '1 year' },
      ]}
    />
  );
}

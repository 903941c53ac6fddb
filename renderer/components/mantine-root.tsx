import {
  MantineContext,
  MantineProvider,
  type MantineTheme,
  MantineThemeContext,
  useMantineTheme,
} from '@mantine/core';
import { type ContextType, memo, type ReactNode, use, useLayoutEffect } from 'react';
import type { Styling } from '../lib/styling.ts';
import { theme } from '../theme.ts';

interface Value {
  context: ContextType<typeof MantineContext>;
  theme: MantineTheme;
}

interface MantineRootProps {
  onStyling: (styling: Styling) => void;
}

/**
 * Runs Mantine's provider beside the page instead of around it, which therefore need not wait for it, and reports what it provides.
 */
export const MantineRoot = memo(function Root({ onStyling }: MantineRootProps) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Report onStyling={onStyling} />
    </MantineProvider>
  );
});

function Report({ onStyling }: MantineRootProps) {
  const context = use(MantineContext);
  const merged = useMantineTheme();
  useLayoutEffect(() => {
    const value: Value = { context, theme: merged };
    onStyling({ Provide, value });
  }, [onStyling, context, merged]);
  return null;
}

function Provide({ styling, children }: { styling: Styling; children: ReactNode }) {
  const { context, theme: merged } = styling.value as Value; // SAFETY: `Report` alone makes it.
  return (
    <MantineContext value={context}>
      <MantineThemeContext value={merged}>{children}</MantineThemeContext>
    </MantineContext>
  );
}

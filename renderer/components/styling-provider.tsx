import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { mantineLoaded, type Styling, StylingContext } from '../lib/styling.ts';

/** Hands Mantine to what is loaded later, once it is there, without drawing anything else again. */
export function StylingProvider({ children }: { children: ReactNode }) {
  const [styling, setStyling] = useState<Styling | null>(null);
  const [Root, setRoot] = useState<ComponentType<{ onStyling: (styling: Styling) => void }> | null>(null);
  useEffect(() => {
    void mantineLoaded.then(({ MantineRoot }) => setRoot(() => MantineRoot));
  }, []);
  return (
    <StylingContext value={styling}>
      {Root && <Root onStyling={setStyling} />}
      {children}
    </StylingContext>
  );
}

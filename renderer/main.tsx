import '@fontsource-variable/inter/wght.css';
import './mantine.css';
import './style.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Browser, connectAhead } from './browser.tsx';
import { FaultBoundary } from './components/fault-boundary.tsx';
import { StylingProvider } from './components/styling-provider.tsx';
import { lookAhead } from './hosts/use-jobs.ts';
import { connectByPort, isDesktop } from './lib/api.ts';
import { lazyComponent } from './lib/lazy-component.tsx';
import { showColorScheme } from './lib/styling.ts';

// What is shown before it has loaded waits in its store.
const Notifications = lazyComponent(
  async () => (await import('./components/notifications.ts')).Notifications,
);
/** Below dialogs, whose buttons a message would cover (Mantine's dialogs have 200). */
const messageLayer = 150;

const root = document.getElementById('root');
if (!root) throw new Error('The page has no root element.');

// Asked for at once: the preload script sends the port when the document is loaded.
const port = isDesktop ? connectByPort().then(lookAhead) : null;
const begun = isDesktop ? null : connectAhead();

showColorScheme();
createRoot(root).render(
  <StrictMode>
    <StylingProvider>
      <FaultBoundary>
        <Notifications position="bottom-right" limit={3} zIndex={messageLayer} />
        {port ? <App connection={port} /> : <Browser begun={begun} />}
      </FaultBoundary>
    </StylingProvider>
  </StrictMode>,
);

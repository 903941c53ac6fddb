import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useApi, useReconnections } from '../lib/api-context.tsx';
import { lazyComponent } from '../lib/lazy-component.tsx';
import classes from './jobs-view.module.css';

const FirstAlert = lazyComponent(async () => (await import('../alerts/first-alert.tsx')).FirstAlert);

interface WelcomeProps {
  onAdd: () => void;
  /** @param path a certificate file */
  onExample: (path: string) => void;
}

/** The list before the first host: says what NotAfter does and offers the next step. */
export function Welcome({ onAdd, onExample }: WelcomeProps) {
  const api = useApi();
  const [example, setExample] = useState<string | null>(null);
  const [isTesting, setTesting] = useState(false);
  const round = useReconnections();
  useEffect(() => {
    void round; // A change of it triggers the next read.
    // Without an example there is nothing to offer. The banner reports a lost connection.
    api.status().then(
      ({ exampleFile }) => setExample(exampleFile),
      () => undefined,
    );
  }, [api, round]);
  return (
    <div className={classes['empty']}>
      <p>
        Add a host, and NotAfter checks its certificate every day and warns you before it expires. Nothing you
        enter leaves this computer except the connection to the host itself.
      </p>
      <Button size="sm" onClick={onAdd}>
        Add your first host
      </Button>
      {example !== null && (
        <Button variant="subtle" px={0} onClick={() => onExample(example)}>
          Or try it with an example certificate
        </Button>
      )}
      <Button variant="subtle" px={0} onClick={() => setTesting(true)}>
        Check that alerts reach you
      </Button>
      {isTesting && <FirstAlert onClose={() => setTesting(false)} />}
      <p>
        Already have a list? <a href="#/settings/data">Import it</a> from a file.
      </p>
    </div>
  );
}

import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { NotificationTest } from '../../shared/schema/notification-test.ts';
import type { Settings } from '../../shared/schema/settings.ts';
import {
  hiddenNotification,
  knownHindrance,
  type NotificationHelp,
} from '../../shared/text/notification-help.ts';
import { type DesktopClient, desktopOf } from '../lib/api.ts';
import { useApi, useReconnections } from '../lib/api-context.tsx';
import { setPreferences } from '../lib/preferences.ts';
import { sentenceOf } from '../lib/report-failure.ts';
import { useReturnFocus } from '../lib/use-return-focus.ts';

/** Sends a test notification and has the person confirm it; where nothing comes, says why and what to do. */
export function FirstAlert({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const desktop = useMemo(() => desktopOf(api), [api]);
  useReturnFocus();
  return (
    <Modal opened onClose={onClose} title="Do alerts reach you?">
      {desktop ? <DesktopTest desktop={desktop} onClose={onClose} /> : <ChannelTest onClose={onClose} />}
    </Modal>
  );
}

/** Where the test is: `ask` waits for the person’s answer. */
type Step =
  | { at: 'start' }
  | { at: 'sending' }
  | { at: 'ask' }
  | { at: 'seen' }
  | { at: 'help'; help: NotificationHelp };

function DesktopTest({ desktop, onClose }: { desktop: DesktopClient; onClose: () => void }) {
  const [step, setStep] = useState<Step>({ at: 'start' });
  const [test, setTest] = useState<NotificationTest | null>(null);
  const send = async () => {
    setStep({ at: 'sending' });
    try {
      const sent = await desktop.testNotification();
      setTest(sent);
      const help = knownHindrance(sent);
      setStep(help ? { at: 'help', help } : { at: 'ask' });
    } catch (error) {
      setStep({ at: 'help', help: { what: sentenceOf(error), steps: [] } });
    }
  };
  const sendButton = (label: string) => (
    <Button loading={step.at === 'sending'} onClick={() => void send()}>
      {label}
    </Button>
  );
  return (
    <Stack mt="xs">
      {(step.at === 'start' || step.at === 'sending') && (
        <>
          <Text size="sm">
            NotAfter shows a notification when a certificate needs attention. Send one now, and check that you
            see it.
          </Text>
          <Group justify="flex-end">{sendButton('Send a test notification')}</Group>
        </>
      )}
      {step.at === 'ask' && (
        <Question
          onSeen={() => setStep({ at: 'seen' })}
          onNothing={() => setStep({ at: 'help', help: hiddenNotification(test?.system ?? 'linux') })}
        />
      )}
      {step.at === 'seen' && <Seen onClose={onClose} />}
      {step.at === 'help' && (
        <>
          <Help help={step.help} />
          <Group justify="flex-end">
            {test?.outcome === 'shown' && (
              <Button variant="default" onClick={() => setStep({ at: 'seen' })}>
                I saw it
              </Button>
            )}
            {sendButton('Send again')}
          </Group>
        </>
      )}
    </Stack>
  );
}

interface QuestionProps {
  what?: string;
  onSeen: () => void;
  onNothing: () => void;
}

function Question({ what = 'A notification was sent.', onSeen, onNothing }: QuestionProps) {
  return (
    <>
      <Text size="sm" role="status">
        {what} Did you see it?
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onNothing}>
          Nothing came
        </Button>
        <Button onClick={onSeen}>I saw it</Button>
      </Group>
    </>
  );
}

function Seen({ onClose }: { onClose: () => void }) {
  useEffect(() => setPreferences({ alertSeenAt: new Date().toISOString() }), []);
  return (
    <>
      <Text size="sm" role="status">
        Alerts reach you here.
      </Text>
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </>
  );
}

function Help({ help: { what, steps } }: { help: NotificationHelp }) {
  return (
    <div role="status">
      <Text size="sm" fw={600}>
        {what}
      </Text>
      <ol>
        {steps.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ol>
      <Text size="sm" className="dim">
        Until then, alerts appear in the list and in the tray. A <a href="#/settings/channels">channel</a>{' '}
        such as email reaches you elsewhere too.
      </Text>
    </div>
  );
}

/** Headless, NotAfter shows no notifications: alerts reach you through channels. */
function ChannelTest({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const [settings, setSettings] = useState<Settings | null>(null);
  const [sent, setSent] = useState<{ name: string; failure: string | null } | null>(null);
  const [answer, setAnswer] = useState<'seen' | 'nothing' | null>(null);
  const round = useReconnections();
  useEffect(() => {
    void round; // A change of it triggers the next read.
    // The banner reports a lost connection.
    api.settings.get().then(setSettings, () => undefined);
  }, [api, round]);
  const names = settings ? settings.channels.filter(({ enabled }) => enabled).map(({ name }) => name) : [];
  const send = async (name: string) => {
    setAnswer(null);
    try {
      const { delivered, message } = await api.channels.test({ name });
      setSent({ name, failure: delivered ? null : message });
    } catch (error) {
      setSent({ name, failure: sentenceOf(error) });
    }
  };
  if (answer === 'seen') return <Seen onClose={onClose} />;
  return (
    <Stack mt="xs">
      <Text size="sm">
        This page is open in a browser, so alerts reach you through channels: email, chats and incident tools.
      </Text>
      {settings && names.length === 0 && (
        <Text size="sm">
          No channel is turned on yet.{' '}
          <Anchor href="#/settings/channels" inherit>
            Add a channel
          </Anchor>
        </Text>
      )}
      {names.map((name) => (
        <Group key={name} justify="space-between">
          <span>{name}</span>
          <Button variant="default" aria-label={`Send a test to ${name}`} onClick={() => void send(name)}>
            Send a test
          </Button>
        </Group>
      ))}
      {sent?.failure && (
        <Text size="sm" role="alert">
          Could not deliver to {sent.name}: {sent.failure}
        </Text>
      )}
      {sent && !sent.failure && answer === null && (
        <Question
          what={`${sent.name} accepted the test.`}
          onSeen={() => setAnswer('seen')}
          onNothing={() => setAnswer('nothing')}
        />
      )}
      {sent && answer === 'nothing' && (
        <Text size="sm" role="status">
          {sent.name} accepted the message, so check there: a spam folder, a muted chat, a rule that moves it,
          or a wrong address.
        </Text>
      )}
    </Stack>
  );
}

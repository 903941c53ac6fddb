import { Button, Group, Select, Text } from '@mantine/core';
import { useState } from 'react';
import type { Channel } from '../../shared/schema/channels/channel.ts';
import type { PreviewPart, PreviewSample } from '../../shared/schema/channels/preview.ts';
import { useApi } from '../lib/api-context.tsx';
import { sentenceOf } from '../lib/report-failure.ts';
import classes from './settings.module.css';

const samples = [
  { value: 'alert', label: 'One alert' },
  { value: 'many', label: '300 alerts at once' },
  { value: 'resolved', label: 'Good news' },
];

interface ChannelPreviewProps {
  /** Returns the channel as the form has it. */
  channelOf: () => Channel;
}

/** Shows what a channel would send, before it is saved. */
export function ChannelPreview({ channelOf }: ChannelPreviewProps) {
  const api = useApi();
  const [sample, setSample] = useState<PreviewSample>('alert');
  const [shown, setShown] = useState<{ parts: PreviewPart[]; failure: string | null } | null>(null);
  const show = () =>
    api.channels.preview({ channel: channelOf(), sample }).then(
      ({ parts }) => setShown({ parts, failure: null }),
      (error: unknown) => setShown({ parts: [], failure: sentenceOf(error) }),
    );
  return (
    <section aria-label="Preview">
      <Group align="flex-end" gap="xs">
        <Select
          label="Preview of"
          data={samples}
          allowDeselect={false}
          value={sample}
          onChange={(value) => setSample(value === 'many' || value === 'resolved' ? value : 'alert')}
        />
        <Button variant="default" onClick={() => void show()}>
          Show preview
        </Button>
      </Group>
      {shown?.failure && (
        <Text size="sm" role="alert" mt="xs">
          {shown.failure}
        </Text>
      )}
      {shown?.parts.map(({ label, text }) => (
        <div key={label}>
          <Text size="sm" mt="xs">
            {label}
          </Text>
          <pre className={classes['preview']}>{text}</pre>
        </div>
      ))}
    </section>
  );
}

import { describe, expect, it } from 'vitest';
import { previewChannel } from '../../../electron/engine/channels/preview.ts';
import { previewSamples } from '../../../shared/schema/channels/preview.ts';
import { channelTypeNames } from '../../../shared/schema/channels/types.ts';
import { sampleChannel } from '../../support/channel-samples.ts';

const now = Date.parse('2026-11-26T10:00:00Z');
const marker = 'Zq000000';
const cases = channelTypeNames.flatMap((type) => previewSamples.map((sample) => ({ type, sample })));

describe('the preview of a channel', () => {
  it.each(cases)('of type $type shows $sample, without a secret', async ({ type, sample }) => {
    const parts = await previewChannel(sampleChannel(type, {}, marker), sample, now, '0.0.0');
    const text = JSON.stringify(parts);
    expect(parts.length).toBeGreaterThan(0);
    expect(text).not.toContain(marker);
    // The close of an incident names its key alone.
    const isClose = sample === 'resolved' && ['pagerduty', 'jsm'].includes(type);
    if (!isClose) expect(text).toContain('Shop');
  });

  it('is what a template makes of the message', async () => {
    const template = '{"text": "{{title}}", "token": "{{secret}}"}';
    const channel = sampleChannel('webhook', { template, secret: 'hidden' });
    expect(await previewChannel(channel, 'alert', now, '0.0.0')).toEqual([
      { label: 'Request', text: 'POST ***' },
      {
        label: 'Body',
        text: '{\n  "text": "Shop expires in 7 days",\n  "token": "***"\n}',
      },
    ]);
  });

  it('is shortened as the service asks for', async () => {
    const [, body] = await previewChannel(sampleChannel('discord'), 'many', now, '0.0.0');
    expect(body?.text).toMatch(/and \d+ more/);
  });
});

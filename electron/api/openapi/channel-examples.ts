import { channelViewSchema } from '../../../shared/schema/channels/channel-view.ts';
import type { ApiExample } from './examples.ts';

const given = {
  type: 'ntfy',
  name: 'phone',
  url: 'http://127.0.0.1:2586',
  topic: 'certificates',
  token: 'tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2',
  severity: 'warning',
};
const channel = channelViewSchema.parse({ ...given, token: { set: true }, revision: 'k3x0uN2pQ8sVb1Yt' });
const one = { params: { name: 'phone' } };

/** An example for every call about channels. */
export const channelExamples: Readonly<Record<string, ApiExample>> = {
  'channels.list': { answer: { items: [channel], total: 1 } },
  'channels.add': { body: given, answer: channel },
  'channels.preview': {
    body: { channel: { ...given, token: { set: true } }, sample: 'alert' },
    answer: { parts: [{ label: 'Request', text: 'POST http://127.0.0.1:2586' }] },
  },
  'channels.get': { ...one, answer: channel },
  'channels.edit': {
    ...one,
    body: { severity: 'critical', tags: ['shop'] },
    answer: { ...channel, severity: 'critical', tags: ['shop'] },
  },
  'channels.remove': one,
  'channels.test': { ...one, answer: { delivered: true, message: null } },
};

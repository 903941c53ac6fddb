import { describe, expect, it } from 'vitest';
import { channelOf, draftOf, keptSecret } from '../../renderer/settings/channel-form.ts';
import { type Channel, channelSchema } from '../../shared/schema/channels/channel.ts';
import { channelInputSchema } from '../../shared/schema/channels/channel-view.ts';
import { channelTypeNames, recognizeChannel } from '../../shared/schema/channels/types.ts';

describe('the form of a channel', () => {
  it('gives back each channel as it was, and keeps its secrets without having seen them', () => {
    const before = channelSchema.parse({
      type: 'email',
      name: 'ops',
      host: 'mail.example.com',
      username: 'na',
      password: { set: true },
      from: 'NotAfter <na@example.com>',
      to: ['a@example.com', 'b@example.com'],
      headers: [{ name: 'X-Team', value: 'web: shop' }],
      tags: ['shop'],
      kinds: ['expired'],
      digest: 'hourly',
    });
    const draft = draftOf('email', before);
    expect(draft['password']).toBe(keptSecret);
    expect(channelSchema.parse(channelOf('email', draft, before))).toEqual(before);
  });

  it.each(channelTypeNames)('of %s begins with what the schema fills in', (type) => {
    const parsed = channelSchema.safeParse(channelOf(type, draftOf(type, {}), null));
    // Nothing that was not typed is wrong: only what is missing is.
    for (const issue of parsed.error?.issues ?? [])
      expect(issue.message).toMatch(/missing|at least|is a text|is an http/i);
  });

  it.each([
    ['https://hooks.slack.com/services/T0/B0/xyz', 'slack'],
    ['https://discord.com/api/webhooks/1/abc', 'discord'],
    ['https://prod-1.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=x', 'teams'],
    ['https://ntfy.sh/ops', 'ntfy'],
    ['https://chat.example.com/hooks/abcdefghijklmnopqrstuvwxyz', 'mattermost'],
    ['https://example.com/hook', 'webhook'],
  ])('is filled in from %s', (address, type) => {
    const found = recognizeChannel(address);
    expect(found?.type).toBe(type);
    const channel = channelOf(
      type as Channel['type'],
      draftOf(type as Channel['type'], found?.values ?? {}),
      null,
    );
    expect(channelSchema.safeParse(channel).success).toBe(true);
  });

  it('refuses an address of another service, and what Microsoft has switched off', () => {
    const issue = (given: object) => channelInputSchema.safeParse(given).error?.issues[0];
    const slack = { type: 'discord', name: 'd', url: 'https://hooks.slack.com/services/T0/B0/xyz' };
    expect(JSON.stringify(issue(slack))).toContain('This is an address of Slack.');
    const office = { type: 'webhook', name: 'o', url: 'https://acme.webhook.office.com/webhookb2/1' };
    expect(JSON.stringify(issue(office))).toContain('Microsoft has switched these connectors off');
  });
});

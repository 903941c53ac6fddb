import { forMarkup, printable } from '../../../../shared/text/foreign-text.ts';
import { httpAdapter, withoutSlash } from '../adapter.ts';
import { alertKey } from '../alert-key.ts';

/** https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v2/: limits of the fields of an alert. */
const limits = { message: 130, description: 15_000, tags: 20, tag: 50 };
const priorities = { info: 'P5', warning: 'P3', critical: 'P1' } as const;

export const adapter = httpAdapter<'jsm'>({
  async request(message, { url, apiKey }, { secret, installation }) {
    const [entry] = message.alerts;
    const alias = entry
      ? alertKey(installation, entry.alert.jobId, entry.alert.key)
      : `notafter:${installation}:test`;
    const api = `${withoutSlash(url)}/v2/alerts`;
    const headers = { authorization: `GenieKey ${await secret(apiKey)}` };
    if (message.event === 'resolved')
      return {
        url: `${api}/${encodeURIComponent(alias)}/close?identifierType=alias`,
        headers,
        body: JSON.stringify({ source: 'NotAfter', note: printable(message.title, 1000) }),
      };
    return {
      url: api,
      headers,
      body: JSON.stringify({
        message: printable(message.title, limits.message - 1),
        alias,
        // Tags of HTML are shown as such.
        description: forMarkup(message.body).slice(0, limits.description),
        priority: priorities[message.severity],
        source: 'NotAfter',
        entity: printable(entry?.job?.address ?? 'NotAfter', 500),
        tags: (entry?.job?.tags ?? []).slice(0, limits.tags).map((tag) => tag.slice(0, limits.tag)),
      }),
    };
  },
});

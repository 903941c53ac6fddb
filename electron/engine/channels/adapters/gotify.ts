import { forChat } from '../../../../shared/text/foreign-text.ts';
import { httpAdapter, withoutSlash } from '../adapter.ts';
import { noticeLines } from '../notice-text.ts';

/** Gotify's Android app rings from 4 and stays until seen from 8 (https://gotify.net/docs/msgextras). */
const priorities = { info: 2, warning: 5, critical: 8 } as const;

export const adapter = httpAdapter<'gotify'>({
  request: async (message, { url, token }, { secret }) => ({
    url: `${withoutSlash(url)}/message`,
    headers: { 'x-gotify-key': await secret(token) },
    body: JSON.stringify({
      title: forChat(message.title),
      message: noticeLines(message).map(forChat).join('\n'),
      priority: priorities[message.severity],
    }),
  }),
});

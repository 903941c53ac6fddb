import {
  fillTemplate,
  type Json,
  parseTemplate,
} from '../../../../shared/domain/channels/message-template.ts';
import { httpAdapter } from '../adapter.ts';
import { alertKey } from '../alert-key.ts';
import type { HookMessage } from '../message.ts';
import { templateValues } from '../template-values.ts';

export const adapter = httpAdapter<'webhook'>({
  async request(message, { url, method, headers, secret: own, contentType, template }, context) {
    const value = own === null ? '' : await context.secret(own);
    const given = new Map(
      headers.map(({ name, value: text }) => [name.toLowerCase(), text.replaceAll('{{secret}}', value)]),
    );
    const { body, type } = bodyOf(message, contentType, template, {
      installation: context.installation,
      secret: own === null ? null : value,
    });
    return {
      url: await context.secret(url),
      method,
      headers: Object.fromEntries(given),
      contentType: type,
      body,
    };
  },
});

function bodyOf(
  message: HookMessage,
  contentType: 'json' | 'form' | 'text',
  template: string | null,
  { installation, secret }: { installation: string; secret: string | null },
): { body: string; type: string } {
  const [only] = message.alerts;
  const key =
    only && message.alerts.length === 1
      ? alertKey(installation, only.alert.jobId, only.alert.key)
      : message.id;
  const document: Json | null = template === null ? null : parseTemplate(template).document;
  const filled =
    document === null ? null : fillTemplate(document, { ...templateValues(message, key), secret });
  if (contentType === 'text')
    return {
      body: typeof filled === 'string' ? filled : `${message.title}\n${message.body}`,
      type: 'text/plain; charset=utf-8',
    };
  if (contentType === 'form') {
    const { event, severity, title, body, at } = message;
    const fields = isFlat(filled) ? filled : { event, severity, title, body, at };
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) form.append(name, asField(value));
    return { body: form.toString(), type: 'application/x-www-form-urlencoded' };
  }
  return { body: JSON.stringify(filled ?? message), type: 'application/json' };
}

function isFlat(value: Json | null): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asField(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Transporter } from 'nodemailer';
import type { Channel } from '../../../../shared/schema/channels/channel.ts';
import { printable } from '../../../../shared/text/foreign-text.ts';
import { type ChannelAdapter, type ChannelContext, judgeStatus, replyJson, type Sent } from '../adapter.ts';
import { alertKey } from '../alert-key.ts';
import { emailHtml, emailSubject, emailText } from '../email-content.ts';
import type { HookMessage } from '../message.ts';

/** A server may make clients wait before it greets them (RFC 5321 §4.5.3.2.1 allows five minutes). */
const timeoutMs = 60_000;

export const adapter: ChannelAdapter<'email'> = {
  timeoutMs,
  async send(message, channel, context) {
    const login = await loginOf(channel, context);
    if ('ok' in login) return login;
    const ca = await context.trusted();
    const { createTransport } = await import('nodemailer');
    const connection = await context.connect(channel.host, channel.port);
    const transport = createTransport({
      connection,
      host: channel.host,
      port: channel.port,
      secure: channel.security === 'tls',
      requireTLS: channel.security === 'starttls',
      ignoreTLS: channel.security === 'none',
      name: ehloName(),
      tls: { ca, ...(isIP(channel.host) ? {} : { servername: channel.host }) },
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      ...login,
    });
    const onAbort = () => connection.destroy();
    context.signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await deliver(transport, message, channel, context);
    } finally {
      context.signal.removeEventListener('abort', onAbort);
      transport.close();
      connection.destroy();
    }
  },
};

async function deliver(
  transport: Transporter,
  message: HookMessage,
  { from, to, cc, headers }: Channel<'email'>,
  { remaining, installation }: ChannelContext,
): Promise<Sent> {
  const domain = 'notafter.invalid';
  const [only] = message.alerts;
  const thread =
    only && message.alerts.length === 1
      ? `<${digestOf(alertKey(installation, only.alert.jobId, only.alert.key))}@${domain}>`
      : null;
  const recipients = remaining ?? [...to, ...cc];
  try {
    const info = await transport.sendMail({
      from,
      to,
      cc,
      // Those alone who did not get it yet; the headers name everyone.
      envelope: { from, to: [...recipients] },
      subject: emailSubject(message),
      text: emailText(message),
      html: emailHtml(message),
      date: new Date(message.at),
      // The same message has the same id, so that one that is sent twice is one in a mailbox.
      messageId: `<${message.id}@${domain}>`,
      ...(thread === null ? {} : { inReplyTo: thread, references: [thread] }),
      headers: [
        // RFC 3834 §5: no vacation notice answers it.
        { key: 'Auto-Submitted', value: 'auto-generated' },
        { key: 'X-Auto-Response-Suppress', value: 'All' },
        ...(message.severity === 'critical' ? [{ key: 'Importance', value: 'high' }] : []),
        ...headers.map(({ name, value }) => ({ key: name, value })),
      ],
      ...(message.report
        ? {
            attachments: [
              {
                filename: 'certificates.csv',
                content: message.report.csv,
                contentType: 'text/csv; charset=utf-8',
              },
            ],
          }
        : {}),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    // SAFETY: what SMTP transports answer; the list is there only where a recipient was refused.
    const { rejectedErrors = [] } = info as { rejectedErrors?: SmtpError[] };
    return partly(rejectedErrors);
  } catch (error) {
    return judge(error as SmtpError);
  }
}

interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
  command?: string;
  recipient?: string;
}

/** The others have got it: only those whose server said "later" are tried again. */
function partly(errors: readonly SmtpError[]): Sent {
  const remaining = errors
    .filter(({ responseCode = 0 }) => responseCode < 500)
    .flatMap(({ recipient }) => recipient ?? []);
  if (remaining.length === 0) return { ok: true };
  const [first] = errors;
  return { ok: false, error: `Some recipients were refused: ${wordsOf(first)}`, isFinal: false, remaining };
}

function judge(error: SmtpError): Sent {
  const { responseCode = 0, code = '' } = error;
  // 5xx is for good (RFC 5321 §4.2.1), but 5xx before there was a message may be a server that is overloaded.
  const isFinal = responseCode >= 500 && code !== 'ECONNECTION' && code !== 'EGREETING';
  return { ok: false, error: wordsOf(error), isFinal: isFinal || (code === 'EAUTH' && responseCode >= 500) };
}

function wordsOf(error: SmtpError | undefined): string {
  if (!error) return 'It was refused.';
  const { response, code, message } = error;
  if (response) return `The mail server answered: ${printable(response, 300)}`;
  if (code === 'ETLS' || /certificate|self.signed/i.test(message))
    return `The mail server cannot be trusted (${printable(message, 200)}). For a private CA, name its CA file.`;
  return code === 'ETIMEDOUT'
    ? 'It did not answer in time.'
    : `It could not be reached (${code ?? 'no reason'}).`;
}

type Login = {
  auth?: { user: string; pass: string } | { type: 'OAuth2'; user: string; accessToken: string };
};

async function loginOf(channel: Channel<'email'>, context: ChannelContext): Promise<Login | Sent> {
  const { username, password, oauthTokenUrl } = channel;
  if (username === null) return {};
  if (oauthTokenUrl === null)
    return password === null ? {} : { auth: { user: username, pass: await context.secret(password) } };
  const token = await accessToken(channel, oauthTokenUrl, context);
  return typeof token === 'string' ? { auth: { type: 'OAuth2', user: username, accessToken: token } } : token;
}

/** Asks for an access token by a refresh token (RFC 6749 §6) or by the client's own rights (§4.4). */
async function accessToken(
  { oauthClientId, oauthClientSecret, oauthScope, oauthRefreshToken }: Channel<'email'>,
  url: string,
  { http, secret }: ChannelContext,
): Promise<string | Sent> {
  const form = new URLSearchParams({
    grant_type: oauthRefreshToken === null ? 'client_credentials' : 'refresh_token',
    client_id: oauthClientId ?? '',
    ...(oauthClientSecret === null ? {} : { client_secret: await secret(oauthClientSecret) }),
    ...(oauthRefreshToken === null ? {} : { refresh_token: await secret(oauthRefreshToken) }),
    ...(oauthScope === null ? {} : { scope: oauthScope }),
  });
  const reply = await http({
    url,
    body: form.toString(),
    contentType: 'application/x-www-form-urlencoded',
    readsReply: true,
  });
  const { access_token: token, error } = replyJson(reply);
  if (reply.status === 200 && typeof token === 'string' && /^[\x21-\x7e]{1,16384}$/.test(token)) return token;
  // RFC 6749 §5.2: error codes are lower-case words. Nothing else of the answer is shown.
  const detail = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : 'no token';
  const sent = judgeStatus(reply, null);
  return {
    ok: false,
    error: `No access token was issued (${detail}).`,
    isFinal: sent.ok || sent.isFinal,
  };
}

/** This machine's name in DNS's form, or an address literal (RFC 5321 §4.1.3). */
function ehloName(): string {
  const name = hostname();
  return /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(name) && name.includes('.') ? name : '[127.0.0.1]';
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

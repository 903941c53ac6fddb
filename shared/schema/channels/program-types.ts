import { z } from 'zod';
import { channelName } from '../../domain/channels/channel-addresses.ts';
import { parseTemplate } from '../../domain/channels/message-template.ts';
import { filePathProblem } from '../../domain/file-path.ts';
import { headerName, hostName, port } from './common-rules.ts';
import { channelType, originOf, perSecond, refuseOthers } from './entry.ts';
import {
  areaField,
  choiceField,
  headersField,
  linesField,
  numberField,
  oneLine,
  optional,
  secretField,
  secretUrlField,
  textField,
  withDefault,
} from './fields.ts';

/** What programs read. */
export const programTypes = {
  webhook: channelType({
    title: 'Webhook',
    about: 'JSON for your own program, or for a service with a template',
    kind: 'program',
    pace: [perSecond(5)],
    destination: ({ url }) => originOf(url),
    route: ['url'],
    fields: {
      url: secretUrlField('Address', 'URL to post alerts to. Treat it as a secret.', (url) =>
        channelName(url) === 'office-connector' ? refuseOthers('webhook')(url) : null,
      ),
      method: withDefault(choiceField('Method', ['POST', 'PUT'], 'HTTP method.'), 'POST'),
      headers: withDefault(
        headersField(headerName, 'Headers to send. {{secret}} in a value is replaced with the secret below.'),
        [],
      ),
      secret: optional(
        secretField('Secret', 'Value for {{secret}} in a header or the template, such as a token.'),
      ),
      contentType: withDefault(
        choiceField(
          'Body',
          ['json', 'form', 'text'],
          'json: a JSON document. form: URL-encoded form fields. text: plain text.',
        ),
        'json',
      ),
      template: optional(
        areaField(
          'Template',
          z
            .string()
            .max(65_536, 'A template has at most 65536 characters.')
            .superRefine((text, context) => {
              const { problem } = parseTemplate(text);
              if (problem !== null) context.addIssue({ code: 'custom', message: problem });
            }),
          'A JSON document with placeholders such as {{title}}. Without a template, NotAfter sends its own document.',
        ),
      ),
    },
    recognize: (url) => (channelName(url) === null ? { url: url.href } : null),
  }),
  command: channelType({
    title: 'Program',
    about: 'A program of this computer, which reads the alert as JSON from standard input',
    kind: 'program',
    pace: [perSecond(5)],
    destination: ({ program }) => `command://${encodeURIComponent(program)}`,
    route: ['program', 'args'],
    fields: {
      program: textField(
        'Program',
        oneLine('A program', 4096)
          .refine((path) => /^(?:\/|[A-Za-z]:[\\/])/.test(path), 'Enter the full path of the program.')
          .superRefine((path, context) => {
            const message = filePathProblem(path);
            if (message !== null) context.addIssue({ code: 'custom', message });
          }),
        'Full path of the program. No shell reads it. You are asked once whether it may run; a service allows it with --channel-command.',
      ),
      args: withDefault(
        linesField('Arguments', oneLine('An argument', 1000), 50, 'Arguments of the program.'),
        [],
      ),
    },
  }),
  syslog: channelType({
    title: 'Syslog',
    about: 'One line per alert, as in RFC 5424',
    kind: 'chat',
    pace: [],
    destination: ({ host, port: at }) => `syslog://${host}:${at}`,
    route: ['host', 'port', 'transport'],
    fields: {
      host: textField('Server', hostName, 'Host name or IP address of the syslog server.'),
      port: withDefault(numberField('Port', port, 'Port of the syslog server: 514, or 6514 for TLS.'), 514),
      transport: withDefault(
        choiceField(
          'Transport',
          ['udp', 'tcp', 'tls'],
          'udp: one datagram per line, without confirmation. tcp, tls: one connection, which fails visibly.',
        ),
        'udp',
      ),
      facility: withDefault(
        choiceField(
          'Facility',
          ['daemon', 'user', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
          'Syslog facility.',
        ),
        'daemon',
      ),
    },
  }),
} as const;

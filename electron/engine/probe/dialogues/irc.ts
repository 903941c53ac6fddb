import type { UntilTls } from './dialogue.ts';

/** IRCv3's tls extension: numeric 670 agrees, 691 refuses. Notices may come before it; empty lines count for nothing (RFC 2812 §2.3.1). */
export const irc: UntilTls = async (dialogue) => {
  dialogue.write('STARTTLS\r\n');
  for (;;) {
    const line = await dialogue.line();
    if (line === '') continue;
    const command = /^(?::\S+ )?(\S+)/.exec(line)?.[1]?.toUpperCase();
    if (command === '670') return;
    if (command === '691') dialogue.refuse('cannot-start', 'The IRC server refuses STARTTLS', line);
    if (command === '421' || command === '451')
      dialogue.refuse('not-offered', 'The IRC server refuses STARTTLS', line);
    if (command === 'ERROR') dialogue.refuse('turned-away', 'The IRC server ends the connection', line);
    if (command === undefined || !/^(\d{3}|[A-Z]+)$/.test(command))
      dialogue.refuse('not-spoken', 'The server does not speak IRC', line);
  }
};

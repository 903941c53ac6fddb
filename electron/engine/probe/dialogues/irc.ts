import type { Dialogue } from './dialogue.ts';

/** IRCv3's tls extension: numeric 670 agrees, 691 refuses. Notices may come before it. */
export const irc: Dialogue = async (talk) => {
  talk.write('STARTTLS\r\n');
  for (;;) {
    const line = await talk.line();
    const command = /^(?::\S+ )?(\S+)/.exec(line)?.[1]?.toUpperCase();
    if (command === '670') return;
    if (command === '691') talk.refuse('cannot-start', 'The IRC server refuses STARTTLS', line);
    if (command === '421' || command === '451')
      talk.refuse('not-offered', 'The IRC server refuses STARTTLS', line);
    if (command === 'ERROR') talk.refuse('turned-away', 'The IRC server ends the connection', line);
    if (command === undefined || !/^(\d{3}|[A-Z]+)$/.test(command))
      talk.refuse('not-spoken', 'The server does not speak IRC', line);
  }
};

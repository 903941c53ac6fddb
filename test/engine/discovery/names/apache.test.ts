import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { namesOf, namesOfFile } from './read.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const program = '/usr/sbin/apache2';
const modules = '/usr/lib/apache2/modules';

for (const name of ['sites', 'logs']) mkdirSync(folder.file(name));
const loaded = ['mpm_event', 'authz_core', 'ssl', 'socache_shmcb'].map(
  (name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`,
);
writeFileSync(
  folder.file('httpd.conf'),
  `ServerRoot "${folder.path}"
${loaded.join('\n')}
PidFile ${folder.path}/pid
ErrorLog ${folder.path}/logs/error
ServerName main.example.test
Listen 127.0.0.1:8080
Listen 127.0.0.1:8443 https
Listen 127.0.0.1:9443 https
Define domain example.test
IncludeOptional sites/*.conf
IncludeOptional nothing/*.conf
`,
);
writeFileSync(
  folder.file('sites/a.conf'),
  `# <VirtualHost *:443>
<VirtualHost *:8080>
  ServerName plain.\${domain}
</VirtualHost>
<IfModule mod_ssl.c>
<VirtualHost *:8443>
  ServerName https://A.\${domain}:8443
  ServerAlias www.a.\${domain} \\
              "*.a.\${domain}"
  SSLEngine on
</VirtualHost>
</IfModule>
<VirtualHost 127.0.0.1:9443 [::1]:9443>
  ServerName b.\${domain}
</VirtualHost>
<virtualhost *:8443>
  servername off.\${domain}
  SSLEngine off
</virtualhost>
`,
);

describe('a configuration of Apache', () => {
  it('gives ServerName and ServerAlias of hosts with TLS', async () => {
    const { names, places, notes } = await namesOfFile('apache', folder.file('httpd.conf'));
    expect(names).toEqual([
      'a.example.test:8443 tls',
      'www.a.example.test:8443 tls',
      '*.a.example.test:8443 tls',
      'b.example.test:9443 tls @127.0.0.1',
      'b.example.test:9443 tls @::1',
    ]);
    expect(places[1]).toBe(`${folder.file('sites/a.conf')}:8`);
    expect(notes).toEqual([]);
  });

  it.runIf(existsSync(program))('gives the same names by the output of apachectl -S', async () => {
    const env = { ...process.env, APACHE_RUN_DIR: folder.path };
    const dump = execFileSync(program, ['-S', '-f', folder.file('httpd.conf')], { env }).toString();
    const { names, notes } = await namesOf('auto', dump);
    // It does not tell which hosts have TLS.
    expect(names.toSorted()).toEqual([
      '*.a.example.test:8443',
      'a.example.test:8443',
      'b.example.test:9443 @127.0.0.1',
      'b.example.test:9443 @::1',
      'off.example.test:8443',
      'plain.example.test:8080',
      'www.a.example.test:8443',
    ]);
    expect(notes).toEqual([]);
  });

  it('reads Debian’s own host, whose name is not known, and the usual ports', async () => {
    const { names, notes } = await namesOf(
      'auto',
      `<VirtualHost _default_:443>
      ServerName \${UNKNOWN}
      ServerAlias real.test
      </VirtualHost>
      <VirtualHost *>
      ServerName late.test:443
      SSLEngine on
      </VirtualHost>
      <Macro V $name>
      <VirtualHost *:443>
      ServerName $name
      </VirtualHost>
      </Macro>
      Use V a.test
      Include /etc/passwd`,
    );
    expect(names).toEqual(['real.test:443 tls', 'late.test:443 tls']);
    expect(notes).toEqual([
      'given:9: Macros are not expanded: hosts defined by them are left out.',
      'given:15: /etc/passwd is not opened: the text was not read from a folder.',
      `1 name left out: “\${UNKNOWN}” (given:2) is not a host name.`,
    ]);
  });

  it('leaves out what <IfDefine> leaves out for certain', async () => {
    const host = (name: string) => `<VirtualHost *:443>\nServerName ${name}.test\n</VirtualHost>\n`;
    const { names } = await namesOf(
      'apache',
      `Define A
      <IfDefine A>\n${host('a')}</IfDefine>
      <IfDefine !A>\n<IfDefine B>\n${host('never')}</IfDefine>\n${host('never2')}</IfDefine>
      <IfDefine B>\n${host('b')}</IfDefine>
      <IfDefine !B>\n${host('not-b')}</IfDefine>
      UnDefine A
      <IfDefine A>\n${host('gone')}</IfDefine>`,
    );
    expect(names).toEqual(['a.test:443 tls', 'b.test:443 tls', 'not-b.test:443 tls']);
  });

  it('is bounded: variables that hold variables, and includes of includes', async () => {
    const doubled = Array.from({ length: 60 }, (_, at) => `Define v${at + 1} \${v${at}}\${v${at}}\n`).join(
      '',
    );
    const { names, notes } = await namesOf(
      'apache',
      `Define v0 a\n${doubled}<VirtualHost *:443>\nServerName \${v60}.test\nServerAlias ${`\${v13}`.repeat(900)} ok.test\n</VirtualHost>`,
    );
    expect(names).toEqual(['ok.test:443 tls']);
    expect(notes.join(' ')).toContain('longer than 8,192 characters with its variables');
    const many = await namesOf(
      'apache',
      `Define v ${'a'.repeat(8_000)}\n${`Use \${v}\n`.repeat(10_000)}<VirtualHost *:443>\nServerName ok.test\n</VirtualHost>`,
    );
    expect(many.names).toEqual(['ok.test:443 tls']);
    expect(many.notes.join(' ')).toContain('too many variables');
    using own = temporaryFolder();
    writeFileSync(
      own.file('httpd.conf'),
      `<VirtualHost *:443>\nServerName x.test\n</VirtualHost>\nInclude httpd.conf\nInclude httpd.conf\n`,
    );
    const loop = await namesOfFile('apache', own.file('httpd.conf'));
    expect(loop.names).toEqual(['x.test:443 tls']);
    expect(loop.notes.filter((note) => /10 levels|200 files/.test(note)).length).toBeGreaterThan(1);
  });
});

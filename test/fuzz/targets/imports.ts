import { readImport } from '../../../electron/engine/import/read-import.ts';
import type { ImportFormat } from '../../../shared/contract/import-report.ts';
import type { NewJob } from '../../../shared/schema/job.ts';
import { isFileTarget } from '../../../shared/schema/target.ts';
import { mutate, noise, oneOf, type Random } from '../random.ts';
import type { FuzzTarget } from '../targets.ts';

type Piece = (random: Random) => string;

/** What stands in a list of hosts, well formed and not. */
const addresses: readonly Piece[] = [
  () => 'www.example.com',
  () => 'mail.example.com:587',
  () => '[2001:db8::7]:8443',
  () => 'smtp://user:pass@mail.example.com:25/path?query#end',
  () => '192.0.2.7',
  () => 'bücher.example',
  () => 'xn--bcher-kva.example',
  () => '/etc/passwd',
  () => '\\\\host\\share\\a.pem',
  () => 'file:////host/share',
  () => 'C:\\NUL.pem',
  (random) => `a\u001b[2J${String.fromCharCode(random(32))}b.example`,
  (random) => 'a'.repeat(random(2_000)),
  (random) => 'a.'.repeat(random(500)),
  (random) => '%'.repeat(random(300)),
  (random) => ':'.repeat(random(300)),
  (random) => '['.repeat(random(300)),
  (random) => noise(60, random).toString('latin1'),
];
const gaps: readonly Piece[] = [
  () => '\n',
  () => '\r\n',
  () => '\t#',
  () => ' # note\n',
  (random) => '\n'.repeat(random(400)),
  (random) => ' \t'.repeat(random(400)),
  (random) => '\\\n'.repeat(random(200)),
];
const cells: readonly Piece[] = [
  ...addresses,
  () => '"a;b"',
  () => '""',
  () => "'=1+1",
  (random) => '"'.repeat(random(200)),
  (random) => ','.repeat(random(400)),
  () => '"line\nbreak"',
];
const yamlPieces: readonly Piece[] = [
  ...addresses,
  () => '- targets: [www.example.com]\n',
  () => '  labels: {team: shop}\n',
  () => 'scrape_configs:\n- job_name: a\n  scheme: https\n  static_configs: [{targets: [a.example]}]\n',
  () => 'a: &a [x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b]\n',
  () => '<<: *a\n',
  () => '__proto__: {polluted: yes}\n',
  () => 'constructor: {prototype: {polluted: yes}}\n',
  () => '!!js/function "x"\n',
  () => '? complex\n: key\n',
  () => '|\n  block\n',
  (random) => '['.repeat(random(1_000)),
  (random) => '{a: '.repeat(random(300)),
  (random) => '- '.repeat(random(300)),
  (random) => '&a *a '.repeat(random(100)),
  (random) => `${' '.repeat(random(100))}- a:\n`,
  () => '%YAML 1.2\n---\n',
];

const gatusPieces: readonly Piece[] = [
  () => '  - name: shop\n    url: https://www.example.com\n',
  () => '  - url: tcp://mail.example.com:25\n    group: mail\n',
  () => '  - url: starttls://mail.example.com:587\n    conditions: ["[CERTIFICATE_EXPIRATION] > 48h"]\n',
  () => '    client:\n      tls: {certificate-file: /etc/passwd}\n',
];

/** Joins pieces, breaks the bytes of every other text, and reads what is left. @throws where what came out was not asked for */
function fuzzImport(
  format: ImportFormat,
  head: Piece,
  pieces: readonly Piece[],
  mayNameFiles: boolean,
): FuzzTarget {
  return {
    run(random) {
      const made = head(random) + joined(pieces, random);
      const text = random(2) === 0 ? broken(made, random) : made;
      const read = readImport(text, random(4) === 0 ? undefined : format);
      if (Reflect.get({}, 'polluted') !== undefined) throw new Error('Every object has a new field.');
      if ('message' in read) return 'refused';
      if (read.items.length > text.length + 1) throw new Error('More comes out than went in.');
      const jobs = read.items.flatMap((item) => ('job' in item ? [item.job] : []));
      const mayName = mayNameFiles || read.format !== format;
      for (const job of jobs) testJob(job, mayName);
      return jobs.length > 0 ? 'read' : 'nothing';
    },
    mustMeet: ['read', 'nothing'],
  };
}

function joined(pieces: readonly Piece[], random: Random): string {
  const parts = Array.from({ length: 1 + random(12) }, () => oneOf(pieces, random)(random));
  return parts.join(random(2) === 0 ? '' : oneOf(gaps, random)(random));
}

function broken(text: string, random: Random): string {
  return mutate(Buffer.from(text), random).toString(random(2) === 0 ? 'utf8' : 'latin1');
}

/** @throws where a job names a file that its format may not name, or holds a control character */
function testJob({ target, name }: Pick<NewJob, 'target' | 'name'>, mayNameFiles: boolean): void {
  if (isFileTarget(target) && !mayNameFiles) throw new Error(`It names ${target.file}.`);
  if (/\p{Cc}/u.test(name + (isFileTarget(target) ? target.file : target.host)))
    throw new Error('A control character came through.');
}

const header: Piece = (random) =>
  oneOf(
    ['host,port,name,tags\n', 'Host;port\n', '\uFEFFfile,host\r\n', 'host\n', '"host","notes"\n', ''],
    random,
  );

export const csv = fuzzImport('csv', header, [...cells, ...gaps, () => ','], true);
export const hosts = fuzzImport('hosts', () => '', [...addresses, ...gaps], false);
export const yaml = fuzzImport('prometheus', () => '', [...yamlPieces, ...gaps], false);
export const gatus = fuzzImport(
  'gatus',
  () => 'endpoints:\n',
  [...gatusPieces, ...yamlPieces, ...gaps],
  false,
);
export const commandLines = fuzzImport(
  'check-ssl-cert',
  () => '',
  [
    ...addresses,
    ...gaps,
    () => 'check_ssl_cert -H www.example.com -w 20\n',
    () => 'check_http -S -H www.example.com:8443 -I 192.0.2.7 -C 30,14\n',
    () => 'check_smtp -H /etc/passwd -S -J /etc/passwd\n',
    () => 'check_ssl_cert -f /etc/passwd --rootcert /etc/passwd\n',
    () => ' -H ',
    () => '--',
    (random) => '\'"'.repeat(random(200)),
    (random) => 'a"'.repeat(random(200)),
  ],
  false,
);

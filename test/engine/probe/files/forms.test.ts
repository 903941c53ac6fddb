import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { describeFile } from '../../../../electron/engine/probe/files/describe-file.ts';
import { Prober } from '../../../../electron/engine/probe/prober.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import { keystore, pkcs7 } from '../../../support/containers.ts';
import { withPbmac1 } from '../../../support/pkcs12.ts';
import { makeCa } from '../../../support/pki.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const root = makeCa('File Root');
const middle = root.issue({ name: 'File CA', isCa: true, sans: [] });
const web = middle.issue({ name: 'web.test' });
const mail = root.issue({ name: 'mail.test', notAfterDays: 300 });
const old = root.issue({ name: 'old.test', notBeforeDays: -90, notAfterDays: -2 });
const key = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\n-----END PRIVATE KEY-----\n';

let files = 0;
function write(content: Buffer | string): string {
  files += 1;
  const path = folder.file(`file-${files}`);
  writeFileSync(path, content);
  return path;
}

function openssl(args: readonly string[], ...contents: readonly string[]): Buffer {
  const paths = contents.map(write);
  const out = folder.file('out');
  execFileSync(
    'openssl',
    [...args.map((one) => one.replace(/^%(\d)$/, (_, at) => paths[Number(at)] ?? '')), '-out', out],
    {
      stdio: 'ignore',
    },
  );
  return readFileSync(out);
}

const request = { thresholds: defaultThresholds, caFiles: [], timeoutMs: 20_000 };
const each = async (path: string, passphraseFile: string | null = null) =>
  (await new Prober().checkEach({ ...request, target: { file: path, passphraseFile } })).map(
    ({ result }) => result,
  );
const whole = async (path: string) =>
  (await new Prober().check({ ...request, target: { file: path, passphraseFile: null } })).result;

/** What is judged, by common name and label. */
const names = async (content: Buffer | string, passphrase?: string) =>
  (await each(write(content), passphrase === undefined ? null : write(passphrase))).map(
    ({ certificate, entry, unreachable }) =>
      unreachable?.message.replace(/^\S+ /, '') ??
      `${certificate?.subject.replace('CN=', '')}${entry?.label ? ` as ${entry.label}` : ''}`,
  );

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const chain = web.pem + middle.pem;

describe('what is judged of a file', () => {
  it.each<[string, Buffer | string, string[]]>([
    ['a leaf with its chain is one', chain, ['web.test']],
    ['a leaf behind its chain', middle.pem + web.pem, ['web.test']],
    ['every leaf of a bundle', web.pem + middle.pem + mail.pem + root.pem, ['web.test', 'mail.test']],
    [
      'a bundle of CAs by each of them',
      root.pem + middle.pem + makeCa('Other').pem,
      ['File Root', 'File CA', 'Other'],
    ],
    ['a key first, as HAProxy has it', key + chain, ['web.test']],
    ['DER', web.der, ['web.test']],
    ['DER with something behind it', Buffer.concat([web.der, Buffer.from('\n')]), ['web.test']],
    [
      'PEM in UTF-16, as PowerShell writes it',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(chain, 'utf16le')]),
      ['web.test'],
    ],
    ['PEM in UTF-16 without a mark', Buffer.from(chain, 'utf16le'), ['web.test']],
    ['PEM behind a byte order mark', `\uFEFF${chain}`, ['web.test']],
    ['PKCS#7 in DER', pkcs7([web.der, middle.der]), ['web.test']],
    ['base64 of DER and nothing else', base64(web.der), ['web.test']],
    [
      'a JKS keystore, without its passphrase',
      keystore([
        { alias: 'web', chain: [web.der, middle.der] },
        { alias: 'corp', chain: [root.der] },
      ]),
      ['web.test as web'],
    ],
    [
      'a truststore of CAs',
      keystore([
        { alias: 'corp', chain: [root.der] },
        { alias: 'other', chain: [makeCa('Other').der] },
      ]),
      ['File Root as corp', 'Other as other'],
    ],
  ])('%s', async (_what, content, expected) => expect(await names(content)).toEqual(expected));

  it('is the worst for the file as a whole, which names the others', async () => {
    const result = await whole(write(mail.pem + old.pem + web.pem));
    expect(result).toMatchObject({ status: 'critical', certificate: { subject: 'CN=old.test' } });
    expect(result.entries?.map(({ subject, status }) => [subject, status])).toEqual([
      ['CN=old.test', 'critical'],
      ['CN=web.test', 'ok'],
      ['CN=mail.test', 'ok'],
    ]);
  });

  it('is the same in every order of the file', async () => {
    const all = [web, middle, mail, root, old].map(({ pem }) => pem);
    const sorted = async (pems: string[]) => (await names(pems.join(''))).sort();
    const expected = ['mail.test', 'old.test', 'web.test'];
    for (let turn = 0; turn < all.length; turn += 1)
      expect(await sorted([...all.slice(turn), ...all.slice(0, turn)].reverse())).toEqual(expected);
  });

  it('has its key where the first certificate follows one', async () => {
    expect((await each(write(key + chain + mail.pem))).map(({ entry }) => entry?.hasKey)).toEqual([
      true,
      false,
    ]);
  });
});

describe('a structured file', () => {
  const secret = {
    kind: 'Secret',
    metadata: { name: 'web-tls', namespace: 'shop' },
    data: { 'tls.crt': base64(chain), 'tls.key': base64(key) },
  };
  it.each<[string, string, string[]]>([
    ['a Secret of Kubernetes', JSON.stringify(secret), ['web.test as Secret/shop/web-tls tls.crt']],
    [
      'a list of them in YAML',
      `kind: List\nitems:\n- kind: ConfigMap\n  metadata: {name: ca}\n  data:\n    ca.crt: |\n${root.pem.replace(/^/gm, '      ')}\n`,
      ['File Root as ConfigMap/ca ca.crt'],
    ],
    [
      'a kubeconfig',
      `apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster: {certificate-authority-data: ${base64(root.pem)}}\nusers:\n- name: admin\n  user: {client-certificate-data: ${base64(mail.pem)}}\n`,
      ['mail.test as users[admin].user.client-certificate-data'],
    ],
    [
      'an acme.json of Traefik',
      JSON.stringify({
        le: { Certificates: [{ domain: { main: 'web.test' }, certificate: base64(chain), key: 'AAAA' }] },
      }),
      ['web.test as le.Certificates[0].certificate'],
    ],
    [
      'an answer of Vault',
      JSON.stringify({ data: { certificate: web.pem, issuing_ca: middle.pem } }),
      ['web.test as data.certificate'],
    ],
    [
      'PEM with its line breaks written out',
      JSON.stringify({ a: web.pem.replaceAll('\n', '\\n') }),
      ['web.test as a'],
    ],
    ['TOML', `[tls]\ncert = """\n${web.pem}"""\n`, ['web.test as tls.cert']],
    [
      'an environment file',
      `# of the service\nexport TLS_CERT="${web.pem.replaceAll('\n', '\\n')}"\n`,
      ['web.test as TLS_CERT'],
    ],
    [
      'a keystore within a Secret',
      JSON.stringify({
        ...secret,
        data: { 'store.jks': base64(keystore([{ alias: 'x', chain: [web.der] }])) },
      }),
      ['web.test as x'],
    ],
    ['a stream of documents', `a: 1\n---\ncert: |\n${web.pem.replace(/^/gm, '  ')}\n`, ['web.test as cert']],
  ])('%s', async (_what, content, expected) => expect(await names(content)).toEqual(expected));

  it('has its key where one stands beside it, and shows nothing of that', async () => {
    const [result] = await each(write(JSON.stringify(secret)));
    expect(result?.entry).toMatchObject({ hasKey: true });
    expect(JSON.stringify(result)).not.toContain('MC4CAQAwBQYDK2Vw');
  });
});

describe('what is no certificate is named', () => {
  it.each<[string, () => Buffer | string, string]>([
    ['nothing', () => '', 'is empty.'],
    ['blanks', () => ' \n', 'is empty.'],
    ['a key', () => key, 'is a private key, not a certificate.'],
    [
      'an encrypted key',
      () => key.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE'),
      'is an encrypted private key, not a certificate.',
    ],
    [
      'a key in DER',
      () => openssl(['pkcs8', '-topk8', '-nocrypt', '-in', '%0', '-outform', 'DER'], web.key),
      'is a private key, not a certificate.',
    ],
    [
      'an encrypted key in DER',
      () => openssl(['pkcs8', '-topk8', '-passout', 'pass:x', '-in', '%0', '-outform', 'DER'], web.key),
      'is an encrypted private key, not a certificate.',
    ],
    [
      'a public key',
      () => openssl(['pkey', '-pubout', '-in', '%0', '-outform', 'DER'], web.key),
      'is a public key, not a certificate.',
    ],
    [
      'a request',
      () => openssl(['req', '-new', '-key', '%0', '-subj', '/CN=x', '-outform', 'DER'], web.key),
      'is a certificate request, not a certificate.',
    ],
    [
      'a request in PEM',
      () => openssl(['req', '-new', '-key', '%0', '-subj', '/CN=x'], web.key),
      'is a certificate request, not a certificate.',
    ],
    [
      'parameters',
      () => openssl(['ecparam', '-name', 'prime256v1']),
      'is key parameters, not a certificate.',
    ],
    ['a text', () => 'hello\nworld\n', 'is a text without certificates.'],
    ['YAML', () => 'a: 1\nb: [2]\n', 'is YAML without certificates.'],
    [
      'bytes',
      () => Buffer.from([1, 2, 3, 0, 5, 6, 0, 0, 9, 9, 9, 0x80]),
      'is a binary file without certificates.',
    ],
    [
      'what SOPS encrypted',
      () => JSON.stringify({ cert: 'ENC[AES256_GCM,data:x]', sops: { mac: 'x' } }),
      'is encrypted by SOPS.',
    ],
    ['what Ansible encrypted', () => '$ANSIBLE_VAULT;1.1;AES256\n6162\n', 'is encrypted by Ansible Vault.'],
    [
      'an SSH certificate',
      () => 'ssh-ed25519-cert-v01@openssh.com AAAA x\n',
      'is an OpenSSH certificate, which is no X.509 certificate.',
    ],
    ['PEM that does not end', () => web.pem.slice(0, 200), 'is a PEM file whose certificate does not end.'],
    ['DER that does not end', () => web.der.subarray(0, 300), 'is a file in DER that is cut off.'],
    [
      'DER that begins with an identifier that is cut off',
      () => Buffer.from('3006' + '0602a9c8' + '0500', 'hex'),
      'is a file in DER that holds no certificate.',
    ],
    [
      'DER whose encryption has an identifier that is none',
      () => Buffer.from('300a' + '3004' + '060280a9' + '04020000', 'hex'),
      'is a BCFKS keystore, which is encrypted as a whole. Convert it by keytool -importkeystore.',
    ],
    [
      'a broken certificate',
      () => Buffer.from(web.der).fill(0xff, 20, 60),
      'holds a certificate that cannot be read: a tag number is too large.',
    ],
    [
      'a broken keystore',
      () => keystore([{ alias: 'a', chain: [web.der] }]).subarray(0, 80),
      'is a Java keystore that is broken or cut off.',
    ],
  ])('%s', async (_what, content, sentence) => expect(await names(content())).toEqual([sentence]));
});

describe('PKCS#12 by openssl', () => {
  const bundle = (passphrase: string, ...options: string[]) => {
    const [pem, out] = [write(web.pem + web.key + middle.pem), folder.file('store.p12')];
    execFileSync('openssl', [
      'pkcs12',
      '-export',
      '-in',
      pem,
      '-name',
      'my web',
      '-passout',
      `pass:${passphrase}`,
      ...options,
      '-out',
      out,
    ]);
    return readFileSync(out);
  };

  it.each<[string, string[]]>([
    ['PBES2 and SHA-256', []],
    ['triple DES', ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['RC2 of 40 bits', ['-legacy', '-certpbe', 'PBE-SHA1-RC2-40', '-macalg', 'sha1']],
    ['AES of 128 bits and SHA-512', ['-certpbe', 'AES-128-CBC', '-macalg', 'sha512']],
    ['no MAC', ['-nomac']],
    ['open certificates', ['-certpbe', 'NONE', '-nomac']],
  ])('with %s is read, with its friendly name', async (_what, options) => {
    expect(await names(bundle('secret', ...options), 'secret\n')).toEqual(['web.test as my web']);
  });

  it.each(['Grüße', 'пароль', '密码', '', 'with blanks in it'])(
    'with the passphrase “%s” is opened',
    async (passphrase) => {
      expect(await names(bundle(passphrase), `${passphrase}\n`)).toEqual(['web.test as my web']);
      const older = bundle(passphrase, '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1');
      expect(await names(older, `${passphrase}\n`)).toEqual(['web.test as my web']);
    },
  );

  it('says that the passphrase is wrong or that it needs one, never that it is no certificate', async () => {
    expect(await names(bundle('secret'), 'other\n')).toEqual([
      'is a PKCS#12 file, and the passphrase is wrong.',
    ]);
    expect(await names(bundle('secret'))).toEqual(['is a PKCS#12 file that needs a passphrase.']);
    expect(await names(bundle('secret', '-nomac', '-certpbe', 'AES-256-CBC'), 'other\n')).toEqual([
      'is a PKCS#12 file, and the passphrase is wrong.',
    ]);
  });

  it('is opened by the passphrase that Java’s truststores have, where none is given', async () => {
    expect(await names(bundle('changeit'))).toEqual(['web.test as my web']);
  });
});

const hasKeytool = existsSync('/usr/bin/keytool');

describe.runIf(hasKeytool)('keystores by keytool', () => {
  const keytool = (store: string, type: string, ...args: string[]) => {
    execFileSync(
      'keytool',
      [...args, '-keystore', folder.file(store), '-storetype', type, '-storepass', 'secret1', '-noprompt'],
      { stdio: 'ignore' },
    );
    return readFileSync(folder.file(store));
  };
  const pair = (store: string, type: string, alias: string) =>
    keytool(
      store,
      type,
      '-genkeypair',
      '-alias',
      alias,
      '-keyalg',
      'EC',
      '-dname',
      `CN=${alias}.test`,
      '-ext',
      `san=dns:${alias}.test`,
    );

  it.each(['JKS', 'JCEKS'])(
    '%s needs no passphrase, and its trusted CA is not judged beside leaves',
    async (type) => {
      const ca = write(root.pem);
      pair(`a.${type}`, type, 'web');
      pair(`a.${type}`, type, 'mail');
      const bytes = keytool(`a.${type}`, type, '-importcert', '-alias', 'corp-root', '-file', ca);
      expect((await names(bytes)).sort()).toEqual(['mail.test as mail', 'web.test as web']);
    },
  );

  it('JCEKS with secret keys between is read past them', async () => {
    for (const index of [1, 2, 3]) {
      keytool('e.jceks', 'JCEKS', '-genseckey', '-alias', `s${index}`, '-keyalg', 'AES', '-keysize', '128');
      pair('e.jceks', 'JCEKS', `ks${index}`);
    }
    expect((await names(readFileSync(folder.file('e.jceks')))).sort()).toEqual([
      'ks1.test as ks1',
      'ks2.test as ks2',
      'ks3.test as ks3',
    ]);
  });

  it('PKCS#12 keeps its aliases', async () => {
    pair('c.p12', 'PKCS12', 'web');
    expect((await names(pair('c.p12', 'PKCS12', 'mail'), 'secret1\n')).sort()).toEqual([
      'mail.test as mail',
      'web.test as web',
    ]);
  });
});

describe('PKCS#12 with PBMAC1 (RFC 9579)', () => {
  it.each(['secret', 'Grüße'])(
    'that OpenSSL 3.5 opens with “%s” is opened, and no other passphrase opens it',
    async (passphrase) => {
      const [pem, out] = [write(web.pem + web.key), folder.file('pbmac1.p12')];
      const options = ['-nomac', '-keypbe', 'AES-256-CBC', '-certpbe', 'AES-256-CBC'];
      execFileSync('openssl', [
        'pkcs12',
        '-export',
        '-in',
        pem,
        '-passout',
        `pass:${passphrase}`,
        ...options,
        '-out',
        out,
      ]);
      const bytes = withPbmac1(readFileSync(out), passphrase);
      // Node's own library, which others wrote, says that the file is right.
      expect(() => tls.createSecureContext({ pfx: bytes, passphrase })).not.toThrow();
      expect(() => tls.createSecureContext({ pfx: bytes, passphrase: 'other' })).toThrow();
      expect(await names(bytes, `${passphrase}\n`)).toEqual(['web.test']);
      expect(await names(bytes, 'other\n')).toEqual(['is a PKCS#12 file, and the passphrase is wrong.']);
    },
  );
});

describe('a certificate that signed itself, beside others', () => {
  const config = write('[req]\ndistinguished_name=n\n[n]\n');
  const made = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    folder.file('own.key'),
  ];
  const selfSigned = (subject: string, ...more: readonly string[]) => {
    return openssl(['req', '-x509', '-days', '30', '-subj', subject, ...made, ...more]).toString();
  };
  /** As `openssl x509 -req -signkey` makes it: of version 1, without extensions. */
  const first = (subject: string) => {
    const asked = openssl(['req', '-new', '-subj', subject, '-config', config, ...made]).toString();
    return openssl(
      ['x509', '-req', '-days', '30', '-signkey', folder.file('own.key'), '-in', '%0'],
      asked,
    ).toString();
  };

  it.each([
    ['of version 1 with the name of a host', () => first('/CN=old.example.test'), true],
    ['of version 1 with an address', () => first('/CN=192.0.2.7'), true],
    ['that is a CA with the name of a host, and no more', () => selfSigned('/CN=nas.example.test'), true],
    ['of version 1 with the name of a CA', () => first('/CN=Old Root'), false],
    [
      'made to issue, with the name of a host (Izenpe.com)',
      () => selfSigned('/CN=ca.example.test', '-addext', 'keyUsage=keyCertSign'),
      false,
    ],
  ])('%s', async (_what, make, isJudged) => {
    const own = make();
    const found = await names(own + mail.pem);
    expect(found).toHaveLength(isJudged ? 2 : 1);
  });

  it.runIf(existsSync('/usr/share/ca-certificates/mozilla'))(
    'is an anchor, of Mozilla’s roots each one',
    async () => {
      const { entries } = await describeFile(
        { file: '/etc/ssl/certs/ca-certificates.crt', passphraseFile: null },
        AbortSignal.timeout(20_000),
      );
      expect(entries.length).toBeGreaterThan(100);
      expect(entries.filter(({ role }) => role !== 'anchor')).toEqual([]);
    },
  );
});

describe('a keystore of Bouncy Castle 1.72 by keytool, with a key, a trusted certificate and a secret key', () => {
  it.each([
    ['bks', ['corp-root', 'web with key']],
    [
      'uber',
      'is an UBER keystore, which is encrypted as a whole, or a broken BKS keystore. Convert it by keytool -importkeystore.',
    ],
    ['bcfks', 'is a BCFKS keystore, which is encrypted as a whole. Convert it by keytool -importkeystore.'],
  ])('%s', async (name, expected) => {
    const file = join(import.meta.dirname, `bouncy-castle/${name}.ks`);
    const { entries, message } = await describeFile(
      { file, passphraseFile: null },
      AbortSignal.timeout(20_000),
    );
    const held = entries.map(({ alias, hasKey }) => `${alias}${hasKey ? ' with key' : ''}`);
    expect(message?.replace(`${file} `, '') ?? held).toEqual(expected);
  });
});

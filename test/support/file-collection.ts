import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { keystore, pkcs7 } from './containers.ts';
import { withPbmac1 } from './pkcs12.ts';
import { makeCa } from './pki.ts';
import type { temporaryFolder } from './temporary-folder.ts';

const root = makeCa('Corp Root', { key: 'rsa2048' });
const middle = root.issue({ name: 'Corp CA', isCa: true, sans: [], key: 'rsa2048' });
const web = middle.issue({ name: 'web.test', key: 'rsa2048', notAfterDays: 300 });
const mail = middle.issue({ name: 'mail.test', key: 'rsa2048', notAfterDays: 200 });
const old = middle.issue({ name: 'old.test', key: 'rsa2048', notBeforeDays: -90, notAfterDays: -2 });

const base64 = (content: string | Buffer) => Buffer.from(content).toString('base64');
const wrapped = (content: string | Buffer) => base64(content).replace(/(.{76})/g, '$1\n');
const secret = (data: object) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'web', namespace: 'shop' },
  data,
});

export interface Collected {
  folder: string;
  /** What holds the passphrase of the PKCS#12 files. */
  passphraseFile: string;
  /** Names of the files that need Java’s keytool, which are there where it is. */
  byKeytool: readonly string[];
}

/** Fills a folder with a file in every format, good and broken, by openssl, by keytool and by hand. Names say nothing of the content. */
export function collectFiles(place: ReturnType<typeof temporaryFolder>, hasKeytool: boolean): Collected {
  const folder = place.file('collection');
  mkdirSync(folder);
  const work = (name: string, content: string | Buffer) => {
    writeFileSync(place.file(name), content);
    return place.file(name);
  };
  const leaf = work('leaf.pem', web.pem);
  const key = work('leaf.key', web.key);
  const chain = work('chain.pem', middle.pem + root.pem);
  const pw = work('pw', 'secret\n');
  const openssl = (...args: string[]): Buffer => {
    execFileSync('openssl', [...args, '-out', place.file('out')], { stdio: ['ignore', 'ignore', 'ignore'] });
    return readFileSync(place.file('out'));
  };
  const pkcs12 = (...more: string[]) =>
    openssl(
      'pkcs12',
      '-export',
      '-in',
      leaf,
      '-inkey',
      key,
      '-certfile',
      chain,
      '-name',
      'web',
      '-passout',
      `file:${pw}`,
      ...more,
    );
  const pbes2 = pkcs12('-keypbe', 'AES-256-CBC', '-certpbe', 'AES-256-CBC', '-macalg', 'sha256');
  const request = openssl('req', '-new', '-key', key, '-subj', '/CN=web.test');
  const list = (() => {
    const config = work(
      'ca.cnf',
      `[ca]\ndefault_ca=d\n[d]\ndatabase=${place.file('index')}\ndefault_md=sha256\ndefault_crl_days=30\n`,
    );
    work('index', '');
    return openssl(
      'ca',
      '-gencrl',
      '-config',
      config,
      '-keyfile',
      work('ca.key', root.key),
      '-cert',
      work('ca.pem', root.pem),
    );
  })();
  const files: Record<string, string | Buffer> = {
    'a01-leaf.txt': web.pem,
    'a02-crlf': web.pem.replaceAll('\n', '\r\n'),
    'a03-bom': `\ufeff${web.pem}`,
    'a04-utf16': Buffer.from(`\ufeff${web.pem}`, 'utf16le'),
    'a05-trusted': openssl('x509', '-in', leaf, '-trustout'),
    'a06-der.pem': web.der,
    'a07-fullchain': web.pem + middle.pem,
    'a08-haproxy': web.key + web.pem + middle.pem,
    'a09-two-leaves': web.pem + mail.pem + middle.pem,
    'a10-one-expired': web.pem + old.pem,
    'a11-bundle': root.pem + middle.pem,
    'a12-with-text': openssl('x509', '-in', leaf, '-text'),
    'a13-half': web.pem.slice(0, 400),
    'a14-one-broken': web.pem + mail.pem.replace(/[A-Za-z0-9+/]{40}/, ''),
    'b01-p7-der': pkcs7([web.der, middle.der]),
    'b02-p7-pem': openssl('crl2pkcs7', '-nocrl', '-certfile', leaf, '-certfile', chain),
    'b03-p7-cut': pkcs7([web.der, middle.der]).subarray(0, 500),
    'c01-p12': pbes2,
    'c02-p12-3des': pkcs12('-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'),
    'c03-p12-no-mac': pkcs12('-nomac'),
    'c04-p12-pbmac1': withPbmac1(pbes2, 'secret'),
    'c05-p12-other-passphrase': openssl(
      'pkcs12',
      '-export',
      '-in',
      leaf,
      '-inkey',
      key,
      '-passout',
      'pass:another',
    ),
    'c06-p12-no-key': openssl('pkcs12', '-export', '-nokeys', '-in', leaf, '-passout', `file:${pw}`),
    'c07-p12-cut': pbes2.subarray(0, 700),
    'd01-jks': keystore([
      { alias: 'web', chain: [web.der, middle.der] },
      { alias: 'root', chain: [root.der] },
    ]),
    'd02-jceks': keystore([{ alias: 'mail', chain: [mail.der, middle.der] }], 0xcececece),
    'd03-jks-empty': keystore([]),
    'd04-jks-cut': keystore([{ alias: 'web', chain: [web.der] }]).subarray(0, 200),
    'e01-kubeconfig': `apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {certificate-authority-data: ${base64(root.pem)}}}]\nusers: [{name: admin, user: {client-certificate-data: ${base64(web.pem)}, client-key-data: ${base64(web.key)}}}]\n`,
    'e02-secret.json': JSON.stringify(
      secret({ 'tls.crt': base64(web.pem), 'tls.key': base64(web.key), 'ca.crt': base64(root.pem) }),
    ),
    'e03-acme.json': JSON.stringify({
      le: {
        Certificates: [{ domain: { main: 'web.test' }, certificate: base64(web.pem), key: base64(web.key) }],
      },
    }),
    'e04-vault': JSON.stringify({
      data: { certificate: web.pem, issuing_ca: middle.pem, private_key: web.key },
    }),
    'e05-env': `TLS_CERT="${web.pem.replaceAll('\n', '\\n')}"\n`,
    'e06-toml': `[tls]\ncertificate = """\n${web.pem}"""\n`,
    'e07-configmap': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ca}\ndata:\n  ca.crt: |\n${root.pem.replace(/^/gm, '    ')}\n`,
    'e08-base64': wrapped(web.der),
    'e09-secret-of-keystore': JSON.stringify(
      secret({ 'store.jks': base64(keystore([{ alias: 'web', chain: [web.der] }])) }),
    ),
    'e10-yaml-none': 'name: nothing\nport: 443\n',
    'e11-sops': JSON.stringify({ data: 'ENC[AES256_GCM,data:x]', sops: { mac: 'ENC[x]', version: '3.9.0' } }),
    'e12-ansible-vault': '$ANSIBLE_VAULT;1.1;AES256\n3061\n',
    'e13-sealed': JSON.stringify({ kind: 'SealedSecret', metadata: { name: 'x' }, spec: {} }),
    'f01-key.crt': web.key,
    'f02-key-der': execFileSync('openssl', ['pkcs8', '-topk8', '-nocrypt', '-outform', 'DER', '-in', key]),
    'f03-key-encrypted': openssl('pkcs8', '-topk8', '-in', key, '-passout', `file:${pw}`),
    'f04-request': request,
    'f05-crl': list,
    'f06-public-key': openssl('pkey', '-in', key, '-pubout'),
    'f07-ssh': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLE me@here\n',
    'f08-ssh-certificate':
      'ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29t me\n',
    'f09-pgp': '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n=aaaa\n-----END PGP PUBLIC KEY BLOCK-----\n',
    'f10-parameters': '-----BEGIN DH PARAMETERS-----\nMAYCAQcCAQI=\n-----END DH PARAMETERS-----\n',
    'g01-empty': '',
    'g02-text': 'hello\n',
    'g03-binary': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 255, 254, 253, 0]),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(`${folder}/${name}`, content);
  const byKeytool = [
    'h01-keytool-jks',
    'h02-keytool-jceks',
    'h03-keytool-pkcs12',
    'h04-keytool-no-passphrase',
  ];
  if (hasKeytool) collectByKeytool(folder, work('import.pem', root.pem), byKeytool);
  return { folder, passphraseFile: pw, byKeytool: hasKeytool ? byKeytool : [] };
}

function collectByKeytool(folder: string, ca: string, names: readonly string[]): void {
  const open = ['-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE', '-J-Dkeystore.pkcs12.macAlgorithm=NONE'];
  const stores = ['JKS', 'JCEKS', 'PKCS12', 'PKCS12'] as const;
  for (const [index, type] of stores.entries())
    execFileSync(
      'keytool',
      [
        ...(index === 3 ? open : []),
        ...['-importcert', '-noprompt', '-alias', 'corp-root', '-file', ca],
        ...['-keystore', `${folder}/${names[index]}`, '-storetype', type, '-storepass', 'changeit'],
      ],
      { stdio: 'ignore' },
    );
}

import { existsSync, readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { describeFile } from '../../../../electron/engine/probe/files/describe-file.ts';
import { sourceInputSchema } from '../../../../shared/schema/source.ts';
import { collectFiles } from '../../../support/file-collection.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { TestEngine } from '../../../support/test-engine.ts';

const place = temporaryFolder();
afterAll(() => place[Symbol.dispose]());
const { folder, passphraseFile, byKeytool } = collectFiles(place, existsSync('/usr/bin/keytool'));

const webWithKey = 'leaf web.test as web with key, ca Corp CA, ca Corp Root';
const cannot = (sentence: string) => ({ sentence, isUnreadable: true });

/** What each file is: its form and its certificates, or the sentence about it. */
const expected: Record<string, string | ReturnType<typeof cannot>> = {
  'a01-leaf.txt': 'PEM: leaf web.test',
  'a02-crlf': 'PEM: leaf web.test',
  'a03-bom': 'PEM: leaf web.test',
  'a04-utf16': 'PEM: leaf web.test',
  'a05-trusted': 'PEM: leaf web.test',
  'a06-der.pem': 'DER: leaf web.test',
  'a07-fullchain': 'PEM: leaf web.test, ca Corp CA',
  'a08-haproxy': 'PEM: leaf web.test with key, ca Corp CA',
  'a09-two-leaves': 'PEM: leaf web.test, leaf mail.test, ca Corp CA',
  'a10-one-expired': 'PEM: leaf web.test, leaf old.test',
  'a11-bundle': 'PEM: anchor Corp Root, anchor Corp CA',
  'a12-with-text': 'PEM: leaf web.test',
  'a13-half': 'is a PEM file whose certificate does not end.',
  'a14-one-broken': 'PEM: leaf web.test',
  'b01-p7-der': 'PKCS#7: leaf web.test, ca Corp CA',
  'b02-p7-pem': 'PEM: leaf web.test, ca Corp CA, ca Corp Root',
  'b03-p7-cut': cannot('is a file in DER that is cut off.'),
  'c01-p12': `PKCS#12: ${webWithKey}`,
  'c02-p12-3des': `PKCS#12: ${webWithKey}`,
  'c03-p12-no-mac': `PKCS#12: ${webWithKey}`,
  'c04-p12-pbmac1': `PKCS#12: ${webWithKey}`,
  'c05-p12-other-passphrase': cannot('is a PKCS#12 file, and the passphrase is wrong.'),
  'c06-p12-no-key': 'PKCS#12: leaf web.test',
  'c07-p12-cut': cannot('is a file in DER that is cut off.'),
  'd01-jks': 'JKS: leaf web.test as web with key, anchor Corp Root as root',
  'd02-jceks': 'JCEKS: leaf mail.test as mail with key',
  'd03-jks-empty': 'is a Java keystore without certificates.',
  'd04-jks-cut': cannot('is a Java keystore that is broken or cut off.'),
  'e01-kubeconfig':
    'YAML: anchor Corp Root as clusters[c].cluster.certificate-authority-data, leaf web.test as users[admin].user.client-certificate-data with key',
  'e02-secret.json':
    'JSON: leaf web.test as Secret/shop/web tls.crt with key, anchor Corp Root as Secret/shop/web ca.crt',
  'e03-acme.json': 'JSON: leaf web.test as le.Certificates[0].certificate with key',
  'e04-vault': 'JSON: leaf web.test as data.certificate with key, ca Corp CA as data.issuing_ca',
  // A line of an environment file is one of TOML, too.
  'e05-env': 'TOML: leaf web.test as TLS_CERT',
  'e06-toml': 'TOML: leaf web.test as tls.certificate',
  'e07-configmap': 'YAML: anchor Corp Root as ConfigMap/ca ca.crt',
  'e08-base64': 'base64: leaf web.test',
  'e09-secret-of-keystore': 'JSON: leaf web.test as web',
  'e10-yaml-none': 'is YAML without certificates.',
  'e11-sops': cannot('is encrypted by SOPS.'),
  'e12-ansible-vault': cannot('is encrypted by Ansible Vault.'),
  'e13-sealed': cannot('is a SealedSecret, which is encrypted.'),
  'f01-key.crt': 'is a private key, not a certificate.',
  'f02-key-der': 'is a private key, not a certificate.',
  'f03-key-encrypted': 'is an encrypted private key, not a certificate.',
  'f04-request': 'is a certificate request, not a certificate.',
  'f05-crl': 'is a revocation list, not a certificate.',
  'f06-public-key': 'is a public key, not a certificate.',
  'f07-ssh': 'is an SSH public key, not a certificate.',
  'f08-ssh-certificate': 'is an OpenSSH certificate, which is no X.509 certificate.',
  'f09-pgp': 'is a PGP key, not a certificate.',
  'f10-parameters': 'is key parameters, not a certificate.',
  'g01-empty': 'is empty.',
  'g02-text': 'is a text without certificates.',
  'g03-binary': 'is a binary file without certificates.',
  'h01-keytool-jks': 'JKS: anchor Corp Root as corp-root',
  'h02-keytool-jceks': 'JCEKS: anchor Corp Root as corp-root',
  'h03-keytool-pkcs12': 'PKCS#12: anchor Corp Root as corp-root',
  'h04-keytool-no-passphrase': 'PKCS#12: anchor Corp Root as corp-root',
};
const names = Object.keys(expected).filter((name) => !name.startsWith('h') || byKeytool.includes(name));

describe('of a folder with a file in every format, good and broken', () => {
  it('everything is expected', () => {
    expect(readdirSync(folder).sort()).toEqual(names);
    expect(names.length).toBeGreaterThan(50);
  });

  it.each(names)('%s is what it is', async (name) => {
    const path = `${folder}/${name}`;
    const passphrase = name.startsWith('c') ? passphraseFile : null;
    const described = await describeFile(
      { file: path, passphraseFile: passphrase },
      AbortSignal.timeout(20_000),
    );
    const held = described.entries.map(({ role, subject, label, hasKey }) => {
      const words = label === null ? '' : ` as ${label}`;
      return `${role} ${subject.replace('CN=', '')}${words}${hasKey ? ' with key' : ''}`;
    });
    const sentence = described.message?.replace(`${path} `, '') ?? `${described.form}: ${held.join(', ')}`;
    const is = described.isUnreadable ? cannot(sentence) : sentence;
    expect(is).toEqual(expected[name]);
  });

  it('a source watches each leaf, and what cannot be read is a warning for each remedy', async () => {
    await using test = new TestEngine();
    test.engine.start();
    const { id, ...view } = await test.engine.sources.add(
      sourceInputSchema.parse({
        name: 'collection',
        paths: [folder],
        passphrases: [{ glob: '**/c*', file: passphraseFile }],
      }),
    );
    const leaves = names.map((name) => expected[name]).filter((one) => typeof one === 'string');
    const count = leaves.join().match(/leaf /g)?.length ?? 0;
    const unreadable = names.filter((name) => typeof expected[name] === 'object').length;
    expect(view).toMatchObject({ files: names.length, entries: count, unreadable });
    const counted = view.warnings.map((warning) => Number(/^(\d+) files? cannot be read/.exec(warning)?.[1]));
    expect(counted.reduce((sum, many) => sum + many, 0)).toBe(unreadable);
    const shown = JSON.stringify([test.engine.sources.entries(id), test.log.lines]);
    expect(shown).not.toMatch(/PRIVATE KEY|LS0tLS1CRUdJTi[A-Za-z0-9+/]*UFJJVkFURSBLRVk/);
  });
});

import { parseEnv } from 'node:util';
import { parse as parseToml } from 'smol-toml';
import { parseAllDocuments } from 'yaml';
import { readPem } from '../pem.ts';
import { bare, FormError, type HeldCertificate, maxCertificates } from './held.ts';

/** Bounds of a walk through one file. */
const maxDepth = 64;
const maxNodes = 100_000;
const maxString = 1 << 20;
/** Fewer characters of base64 hold no certificate. */
const minBase64 = 200;

/** Reads what a string of a structured file holds after base64: a certificate in DER, or a keystore. */
export type ReadBytes = (bytes: Buffer) => HeldCertificate[];

/** A structured text, parsed, by its format. */
interface Parsed {
  form: 'JSON' | 'YAML' | 'TOML' | 'environment';
  documents: unknown[];
}

/**
 * Reads the certificates of a structured text: every string of JSON, YAML, TOML or an environment file is searched for
 * PEM, for base64 of PEM and for base64 of bytes. So a kubeconfig, a Secret, an acme.json and an answer of Vault are one
 * thing. Each certificate comes with its place in the text.
 * @returns null where the text is none of these
 * @throws FormError where it is encrypted
 */
export function readStructured(
  text: string,
  readBytes: ReadBytes,
): { form: Parsed['form']; held: HeldCertificate[] } | null {
  const parsed = parse(text);
  if (!parsed) return null;
  const walk = new Walk(readBytes);
  for (const document of parsed.documents) walk.look(document, '', placeOf(document));
  return { form: parsed.form, held: walk.held };
}

function parse(text: string): Parsed | null {
  const start = text.trimStart().slice(0, 200);
  if (/^[{[]/.test(start)) {
    const json = attempt(() => JSON.parse(text) as unknown);
    if (json) return { form: 'JSON', documents: [json.value] };
  }
  if (/^(?:---|%YAML|#|- |["']?[\w./-]+["']?[ \t]*:(?:[ \t\r\n]|$))/.test(start)) {
    const yaml = attempt(() => readYaml(text));
    if (yaml?.value.some((one) => typeof one === 'object' && one !== null))
      return { form: 'YAML', documents: yaml.value };
  }
  if (/^(?:#|\[|[\w."-]+[ \t]*=)/.test(start)) {
    const toml = attempt(() => parseToml(text) as unknown);
    if (toml) return { form: 'TOML', documents: [toml.value] };
    if (/^(?:#|(?:export[ \t]+)?\w+[ \t]*=)/.test(start))
      return { form: 'environment', documents: [parseEnv(text)] };
  }
  return null;
}

/** Reads a stream of YAML 1.2. Aliases that grow without end are refused by the parser itself. */
function readYaml(text: string): unknown[] {
  const documents = parseAllDocuments(text, { prettyErrors: false, logLevel: 'error' });
  if ('empty' in documents) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  });
}

/** A text that a parser refuses is of another form: that is no fault. */
function attempt<Value>(read: () => Value): { value: Value } | null {
  try {
    return { value: read() };
  } catch {
    return null; // The next form is tried.
  }
}

class Walk {
  readonly held: HeldCertificate[] = [];
  readonly #readBytes: ReadBytes;
  #nodes = 0;

  constructor(readBytes: ReadBytes) {
    this.#readBytes = readBytes;
  }

  /** @param place of the node, `''` at the top; `prefix` names the object of Kubernetes that it lies in */
  look(node: unknown, place: string, prefix: string, depth = 0): void {
    this.#nodes += 1;
    if (this.#nodes > maxNodes || depth > maxDepth || this.held.length >= maxCertificates) return;
    if (typeof node === 'string') this.#lookAtText(node, `${prefix}${place}`);
    else if (Array.isArray(node)) this.#lookAtList(node, place, prefix, depth);
    else if (typeof node === 'object' && node !== null)
      this.#lookAtFields(Object.entries(node), place, prefix, depth);
  }

  #lookAtList(list: readonly unknown[], place: string, prefix: string, depth: number): void {
    for (const [index, one] of list.entries()) {
      const own = placeOf(one);
      const name = nameOf(one) ?? index;
      if (own === '') this.look(one, `${place}[${name}]`, prefix, depth + 1);
      else this.look(one, '', own, depth + 1);
    }
  }

  #lookAtFields(fields: readonly [string, unknown][], place: string, prefix: string, depth: number): void {
    const holders: Holder[] = [];
    const inData = place === 'data' || place === 'stringData' || place === 'binaryData';
    for (const [key, value] of fields) {
      if (key === 'sops' && typeof value === 'object' && value !== null && 'mac' in value)
        throw new FormError('is encrypted by SOPS.');
      // The names of a Secret's data say enough by themselves.
      const isBare = place === '' || (prefix !== '' && inData);
      const below = isBare ? key : `${place}.${key}`;
      const before = this.held.length;
      this.look(value, below, prefix, depth + 1);
      const [first] = this.held.slice(before);
      if (first) holders.push({ field: key, first });
    }
    markKeys(fields, holders);
  }

  #lookAtText(text: string, place: string): void {
    if (text.length > maxString || text.length < minBase64) return;
    if (text.includes('-----BEGIN ')) {
      this.held.push(...readPem(text.replaceAll('\\n', '\n')).map((der) => bare(der, place)));
      return;
    }
    if (!/^[A-Za-z0-9+/=_\s-]+$/.test(text)) return;
    const bytes = Buffer.from(text, 'base64');
    const pem = bytes.includes('-----BEGIN ')
      ? readPem(bytes.toString('latin1')).map((der) => bare(der))
      : null;
    const found = pem ?? this.#readBytes(bytes);
    this.held.push(...found.map((one) => ({ ...one, place })));
  }
}

/** A field that holds certificates, and the first of them. */
interface Holder {
  field: string;
  first: HeldCertificate;
}

/** The key of a Secret, an acme.json or a kubeconfig stands beside its certificate. */
function markKeys(fields: readonly [string, unknown][], holders: readonly Holder[]): void {
  for (const [key, value] of fields) {
    const owner = typeof value === 'string' && isKey(value) ? ownerOf(key, holders) : undefined;
    if (owner) owner.first.hasKey = true;
  }
}

/**
 * Returns the field to whose certificate a key belongs: the one of the likest name (`tls.key` and `tls.crt`, `client-key-data` and
 * `client-certificate-data`), else the first that is not called a CA's (`private_key`, `certificate` and `issuing_ca`).
 */
function ownerOf(key: string, holders: readonly Holder[]): Holder | undefined {
  const own = holders.filter(
    ({ field }) => !/(?:^|[^a-z])(?:ca|issuing|issuer|root|chain|authority)(?:[^a-z]|$)/i.test(field),
  );
  const alike = ({ field }: Holder) => {
    let length = 0;
    while (length < key.length && key[length] === field[length]) length += 1;
    return length;
  };
  return own.toSorted((one, other) => alike(other) - alike(one))[0];
}

/** Beginnings of private keys in PEM, as they are and in base64. */
const keyMarks = [
  'PRIVATE KEY-----',
  'LS0tLS1CRUdJTiBQUklWQVRF',
  'LS0tLS1CRUdJTiBSU0EgUFJJ',
  'LS0tLS1CRUdJTiBFQyBQUklW',
];

function isKey(text: string): boolean {
  const start = text.slice(0, 80);
  return keyMarks.some((mark) => start.includes(mark));
}

/** Names an object of Kubernetes as kubectl does: `Secret/shop/web-tls `; `''` for what is none. */
function placeOf(node: unknown): string {
  const { kind, metadata } = fieldsOf(node);
  const { name, namespace } = fieldsOf(metadata);
  if (typeof kind !== 'string' || typeof name !== 'string') return '';
  if (kind === 'SealedSecret') throw new FormError('is a SealedSecret, which is encrypted.');
  return `${kind}/${typeof namespace === 'string' ? `${namespace}/` : ''}${name} `;
}

function nameOf(node: unknown): string | null {
  const { name } = fieldsOf(node);
  return typeof name === 'string' && name.length <= 100 ? name : null;
}

function fieldsOf(node: unknown): Record<string, unknown> {
  // SAFETY: an object that is no list is a record of fields, each of which is checked.
  return typeof node === 'object' && node !== null && !Array.isArray(node)
    ? (node as Record<string, unknown>)
    : {};
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LeafReader } from '../../electron/engine/discovery/leaf-reader.ts';
import { planSearch, type SearchRequest } from '../../electron/engine/discovery/plan-search.ts';
import { resolveSearch } from '../../electron/engine/discovery/resolve-search.ts';
import { SearchRun } from '../../electron/engine/discovery/search-run.ts';
import { TrustStores } from '../../electron/engine/verify/trust.ts';
import { Verifier } from '../../electron/engine/verify/verifier.ts';
import { discoveryLimitsSchema, type Found } from '../../shared/schema/discovery.ts';
import { type Issued, makeCa } from '../support/pki.ts';
import { findProgram, type Recipe, startServer } from './real-server.ts';
import { recipes } from './recipes.ts';

/** Discovery against real servers: `npm run test:servers`, as root on Debian. */
const ca = makeCa('Discovery Root', { key: 'rsa2048' });
const usual = ca.issue({ name: 'default.invalid', key: 'rsa2048' });
const vhosts = Array.from({ length: 50 }, (_, index) => ca.issue({ name: `site-${index}.example` }));
const leaves = new LeafReader(new Verifier(new TrustStores()));

async function search(given: Partial<SearchRequest>): Promise<{ finds: Found[]; connections: number }> {
  const limits = discoveryLimitsSchema.parse({ perSecond: 200 });
  const planned = await planSearch({
    ...{ places: [], ports: [], exclude: [], names: [], limits, mayScanPublic: false },
    ...given,
  });
  expect(planned.plan.refused).toEqual([]);
  const { signal } = new AbortController();
  const resolved = await resolveSearch(
    planned,
    () => Promise.reject(new Error('No name is looked up.')),
    signal,
  );
  const finds: Found[] = [];
  const { names, exclusions } = planned;
  const onFound = (found: Found) => void finds.push(found);
  const run = new SearchRun({
    search: resolved,
    names,
    exclusions,
    limits,
    leaves,
    seed: 1,
    signal,
    onFound,
  });
  const { connections } = await run.run();
  return { finds, connections };
}

/** nginx on three addresses: 51 certificates by name, one for every name, and none without a name that is known. */
const manyHosts: Recipe = {
  name: 'nginx with 50 names on one address',
  program: 'nginx',
  protocols: ['tls'],
  prepare({ folder, cert, key, port, write }, program) {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    mkdirSync(join(folder, 'sites'));
    const site = ({ name, pem, key: own }: Issued) => {
      writeFileSync(join(folder, 'sites', `${name}.pem`), `${pem}${own}`, { mode: 0o600 });
      const file = `${folder}/sites/${name}.pem`;
      return `ssl_certificate ${file}; ssl_certificate_key ${file};`;
    };
    const servers = vhosts.map(
      (vhost) =>
        `server { listen 127.25.4.1:${port('tls')} ssl; listen 127.25.4.2:${port('tls')} ssl; server_name ${vhost.name}; ${site(vhost)} }`,
    );
    const config = write(
      'nginx.conf',
      `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
http { access_log ${folder}/access.log; server_names_hash_bucket_size 128; ${temporary.join(' ')}
  server { listen 127.0.0.1:${port('tls')} ssl; ssl_certificate ${cert}; ssl_certificate_key ${key}; }
  server { listen 127.25.4.1:${port('tls')} ssl default_server; ssl_certificate ${cert}; ssl_certificate_key ${key}; }
  server { listen 127.25.4.2:${port('tls')} ssl default_server; ssl_reject_handshake on; }
  ${servers.join('\n')} }`,
    );
    return [program, '-c', config];
  },
};

const subjects = (finds: readonly Found[]) => new Set(finds.map(({ leaf }) => leaf?.subject ?? null));
const siteSubjects = vhosts.map(({ name }) => `CN=${name}`);
const names = vhosts.map(({ name }) => name);

describe.skipIf(findProgram('nginx') === null)('nginx', () => {
  it('shows its default, or wants a name, and 50 certificates by their names', async () => {
    await using server = await startServer(manyHosts, findProgram('nginx') ?? '', usual, ca);
    const ports = [server.ports.tls ?? 0];
    const without = await search({ places: ['127.25.4.1-2'], ports });
    const byAddress = new Map(without.finds.map((find) => [find.address, find]));
    expect(byAddress.get('127.25.4.1')?.leaf?.subject).toBe('CN=default.invalid');
    expect(byAddress.get('127.25.4.2')).toMatchObject({ state: 'needs-name', leaf: null });
    const open = await search({ places: ['127.25.4.1'], ports, names: [...names, 'zzz.invalid'] });
    expect(subjects(open.finds)).toEqual(new Set(['CN=default.invalid', ...siteSubjects]));
    // One without a name, 51 that were given, and the one that the default certificate teaches.
    expect(open.connections).toBe(53);
    const strict = await search({ places: ['127.25.4.2'], ports, names: [...names, 'zzz.invalid'] });
    expect(subjects(strict.finds)).toEqual(new Set(siteSubjects));
    expect(strict.finds.flatMap((find) => find.names)).not.toContain('zzz.invalid');
  });
});

const installed = recipes.filter(
  ({ name, program }) => !/postscreen/.test(name) && findProgram(program) !== null,
);

describe('real servers', () => {
  it('finds one at least', () => expect(installed.length).toBeGreaterThan(0));

  it.each(installed)('$name: $protocols', async (recipe) => {
    await using server = await startServer(recipe, findProgram(recipe.program) ?? '', localhost, ca);
    const hosts = recipe.protocols.map((protocol) => ({
      host: '127.0.0.1',
      port: server.ports[protocol] ?? 0,
      address: null,
      starttls: protocol === 'tls' ? null : protocol,
    }));
    // Servers of XMPP name their domain before TLS.
    const { finds } = await search({ hosts, names: ['localhost'] });
    const shown = finds.map(({ port, leaf }) => ({ port, subject: leaf?.subject }));
    expect(shown.toSorted(byPort)).toEqual(
      hosts.map(({ port }) => ({ port, subject: 'CN=localhost' })).toSorted(byPort),
    );
  });
});

const localhost = ca.issue({ sans: ['localhost'], key: 'rsa2048' });
const byPort = (one: { port: number }, other: { port: number }) => one.port - other.port;

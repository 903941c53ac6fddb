import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SavedSearchInput, savedSearchInputSchema } from '../../../../shared/schema/saved-search.ts';
import {
  dnsMessage,
  dnsRecord,
  rcodes,
  startNameServer,
  transferring,
} from '../../../support/name-server.ts';
import { searching, serveRenewable } from '../../../support/saved-searches.ts';

const zone = 'corp.example';
const input = (more: object) => savedSearchInputSchema.parse({ name: 'plan', ports: '443', ...more });

describe('a saved search of a domain', () => {
  it('has a plan that sends nothing, and says what comes when it runs', async () => {
    await using server = await startNameServer('127.28.1.1', [], transferring(zone, []));
    await using on = searching();
    const dns = [{ domain: 'Corp.Example.', transfer: server.place }, { domain: zone }];
    const plan = await on.test.engine.discoveries.plan(input({ dns }));
    expect(plan).toMatchObject({ connections: 0, refused: [], sent: 0 });
    expect(plan.notes).toEqual([
      `The hosts of corp.example@${server.place} are read from DNS when the search runs.`,
      'The hosts of corp.example are read from DNS when the search runs.',
    ]);
    expect(server.asked).toEqual([]);
  });

  it('finds what the zone names, at the addresses that the zone gives', async () => {
    const wiki = await serveRenewable('127.28.1.11', 'wiki.corp.example');
    const records = [
      dnsRecord('wiki.corp.example', 'A', '127.28.1.11'),
      dnsRecord('meta.corp.example', 'A', '169.254.169.254'),
    ];
    await using server = await startNameServer('127.28.1.2', [], transferring(zone, records));
    await using on = searching();
    const dns = [{ domain: zone, transfer: server.place }];
    const { id } = await on.add({ name: 'zone', dns, ports: String(wiki.port) });
    expect(await on.run(id)).toMatchObject({ run: { state: 'done', progress: { planned: 1 }, new: 1 } });
    expect(on.finds(id)).toMatchObject([
      { address: '127.28.1.11', names: ['wiki.corp.example'], suggested: { host: 'wiki.corp.example' } },
    ]);
    await wiki.listening.close();
  });

  it('loses no finds while the zone cannot be transferred', async () => {
    const wiki = await serveRenewable('127.28.1.12', 'wiki.corp.example');
    const records = [dnsRecord('wiki.corp.example', 'A', '127.28.1.12')];
    let isRefused = false;
    await using server = await startNameServer('127.28.1.3', [], (query, socket) => {
      if (isRefused) socket.end(dnsMessage(query, [], { flags: rcodes.REFUSED }));
      else transferring(zone, records)(query, socket);
    });
    await using on = searching();
    const dns = [{ domain: zone, transfer: server.place }];
    const { id } = await on.add({ name: 'zone', targets: ['127.28.1.200'], dns, ports: String(wiki.port) });
    await on.run(id);
    isRefused = true;
    for (let times = 0; times < 3; times += 1) {
      const { run } = await on.run(id);
      expect(run).toMatchObject({ state: 'done', vanished: 0 });
      expect(run.notes[0]).toBe(
        'A file with hosts or a domain could not be read: nothing counts as missing in this run.',
      );
      expect(run.notes.join(' ')).toContain(`the name server ${server.place} refuses the transfer`);
    }
    expect(on.finds(id)).toHaveLength(1);
    await wiki.listening.close();
  });

  it('says why it has no hosts where its domain or file could not be read', async () => {
    await using server = await startNameServer('127.28.1.5', [], (query, socket) => {
      socket.end(dnsMessage(query, [], { flags: rcodes.REFUSED }));
    });
    await using on = searching();
    const dns = [{ domain: zone, transfer: server.place }];
    const refused = `The zone corp.example could not be transferred: the name server ${server.place} refuses the transfer: let this machine transfer the zone (allow-transfer, provide-xfr, acl).`;
    const reasonOf = async (more: Partial<SavedSearchInput>) => {
      const { id } = await on.add({ name: Object.keys(more).join(' '), ports: '443', ...more });
      const { run } = await on.run(id);
      return [run.state, run.reason];
    };
    expect(await reasonOf({ dns })).toEqual(['failed', refused]);
    const missing = join(tmpdir(), 'notafter-no-such-folder', 'zone.db');
    const [, ofFile] = await reasonOf({ files: [{ format: 'zone', path: missing }] });
    expect(ofFile).toContain(missing);
    expect(ofFile).not.toContain('there are no hosts');
    expect(await reasonOf({ dns, targets: ['127.28.1.9'], exclude: ['127.28.1.9'] })).toEqual([
      'failed',
      `Nothing to connect to: everything is excluded. ${refused}`,
    ]);
  });

  it('needs consent for a public name server and for public hosts of the zone, and connects to none before', async () => {
    const records = [dnsRecord('www.corp.example', 'A', '192.0.2.7')];
    await using server = await startNameServer('127.28.1.4', [], transferring(zone, records));
    const resolved: string[] = [];
    await using on = searching({
      resolve: async (name) => {
        resolved.push(name);
        return [{ address: '192.0.2.53', family: 4 }];
      },
    });
    const outcome = async (transfer: string) => {
      const { id } = await on.add({ name: transfer, dns: [{ domain: zone, transfer }], ports: '443' });
      const { run } = await on.run(id);
      return [run.state, run.reason, on.finds(id).length];
    };
    const needed =
      'Scanning public addresses needs a person’s confirmation: in the desktop app, or by notafter serve --allow-public-ranges.';
    expect(await outcome('192.0.2.53')).toEqual([
      'failed',
      `The name server 192.0.2.53 is public. ${needed}`,
      0,
    ]);
    expect(await outcome('ns.example')).toEqual([
      'failed',
      `The name server ns.example (192.0.2.53) is public. ${needed}`,
      0,
    ]);
    expect(resolved).toEqual(['ns.example']);
    expect(await outcome(server.place)).toEqual(['failed', `1 address is public. ${needed}`, 0]);
  });

  it('loses its consent when the domain or its name server changes', async () => {
    await using on = searching();
    const { discoveries } = on.test.engine;
    const dns = [{ domain: zone, transfer: '192.0.2.53' }];
    const { id, revision } = await on.add({ name: 'zone', dns, ports: '443' });
    expect((await discoveries.consent(id, revision))?.publicConsentAt).not.toBeNull();
    expect((await discoveries.edit(id, { name: 'other' }))?.publicConsentAt).not.toBeNull();
    const edited = await discoveries.edit(id, { dns: input({ dns: [{ domain: 'other.example' }] }).dns });
    expect(edited?.publicConsentAt).toBeNull();
  });
});

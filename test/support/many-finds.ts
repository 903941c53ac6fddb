import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { SearchDatabase } from '../../electron/engine/discovery/saved/search-database.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import type { Found } from '../../shared/schema/discovery.ts';
import { Service } from './service.ts';

/** What is found at the n-th address: of each eight, one shows no name, one wants one, and one expired. */
function foundAt(index: number, now: number): Found {
  const address = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
  const name = `host-${String(index).padStart(5, '0')}.lab.example`;
  const place = { address, port: index % 3 === 0 ? 8443 : 443, starttls: null };
  if (index % 8 === 7) {
    const note = 'It speaks TLS, but presents a certificate only for a name that it is configured for.';
    return { ...place, names: [], suggested: null, leaf: null, state: 'needs-name', note };
  }
  const names = index % 8 === 1 ? [] : [name, `www.${name}`].slice(0, 1 + (index % 2));
  const days = index % 8 === 3 ? -4 : 3 + (index % 90);
  const fingerprint = createHash('sha256').update(name).digest('hex').toUpperCase();
  return {
    ...place,
    names,
    suggested: { host: address, port: place.port, servername: names[0] ?? null, starttls: null },
    leaf: {
      subject: `CN=${name}`,
      issuer: 'CN=Example Issuing CA with a long name,O=Example Corporation',
      sans: [name, `www.${name}`],
      validTo: new Date(now + days * 86_400_000).toISOString(),
      fingerprint256: fingerprint.match(/../g)?.join(':') ?? '',
      problems: days < 0 ? ['expired'] : [],
      isPlaceholder: false,
    },
    state: 'new',
    note: null,
  };
}

/** Fills a data folder with a saved search that has found so much. */
export async function fillWithFinds(dataFolder: string, count: number): Promise<void> {
  const now = Date.now();
  let id = '';
  {
    await using service = await Service.start(dataFolder);
    const body = { name: 'lab network', targets: ['10.0.0.0/16', 'mail.corp.example'], ports: 'web,mail' };
    const saved = await service.call('POST', '/discoveries', body);
    // SAFETY: the API's answer to a new search.
    id = (saved.body as { id: string }).id;
  }
  const { database } = openDatabase(join(dataFolder, 'history.sqlite'));
  const { finds } = new SearchDatabase(database);
  database.exec('BEGIN');
  for (let index = 0; index < count; index += 1)
    finds.add({
      ...{ discoveryId: id, found: foundAt(index, now), firstAt: now, lastAt: now, changedAt: null },
      ...{ run: 1, firstRun: 1, changedRun: null, missed: 0, vanishedAt: null, isIgnored: false },
    });
  database.exec('COMMIT');
  database.close();
}

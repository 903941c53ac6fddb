import { writeFileSync } from 'node:fs';
import type { JobInput } from '../../shared/schema/job.ts';
import { liveThrough } from './past.ts';
import { type CertificateOptions, type Issued, makeCa, makeSelfSigned } from './pki.ts';
import { serveTls, type TestServer } from './tls-server.ts';

/** A host as a company with a CA of its own has it. */
interface PrivateHost {
  name: string;
  /** Days until its certificate expires. */
  days: number;
  tags: string[];
  /** Days for which it was issued. */
  lifetime?: number;
  notes?: string;
  paused?: boolean;
  accepted?: JobInput['accepted'];
  /** `name`: issued for another name. `chain`: no intermediate sent. `down`: nothing listens. `self`: self-signed. */
  fault?: 'name' | 'chain' | 'down' | 'self';
  key?: CertificateOptions['key'];
  /** Shows a wildcard certificate: that of before, or the renewed one. */
  wildcard?: 'old' | 'renewed';
}

const printer = {
  code: 'self-signed',
  severity: 'critical',
  reason: 'The vendor allows no other certificate.',
  acceptedAt: '2026-06-01T09:00:00.000Z',
  until: null,
  fingerprint256: null,
} as const;

const hosts: readonly PrivateHost[] = [
  { name: 'old.example.net', days: -0.8, tags: ['web'], notes: 'Shut down after the move: ask Maria.' },
  { name: 'intranet.example.com', days: 13.5, tags: ['internal CA'], lifetime: 365 },
  { name: 'ldap.example.com', days: 48, tags: ['internal CA'], fault: 'down' },
  { name: 'www.example.com', days: 61.5, tags: ['web'] },
  { name: 'api.example.com', days: 61.5, tags: ['web'] },
  { name: 'shop.example.org', days: 64.5, tags: ['web', 'customers'], fault: 'name' },
  { name: 'staging.example.com', days: 70.5, tags: ['web'], paused: true },
  { name: 'db1.internal', days: 88.5, tags: ['databases', 'internal CA'], fault: 'chain' },
  { name: 'db2.internal', days: 88.5, tags: ['databases', 'internal CA'] },
  { name: 'db3.internal', days: 89.5, tags: ['databases', 'internal CA'] },
  { name: 'git.example.com', days: 118.5, tags: ['internal CA'], lifetime: 365 },
  { name: 'chat.example.com', days: 140.5, tags: ['customers'], lifetime: 365 },
  { name: 'münchen.example', days: 183.5, tags: ['customers'], lifetime: 365 },
  { name: 'vpn.example.com', days: 21.5, tags: ['network'], lifetime: 365 },
  { name: 'radius1.internal', days: 203.5, tags: ['network'], lifetime: 730 },
  { name: 'radius2.internal', days: 204.5, tags: ['network'], lifetime: 730 },
  { name: 'core-switch.internal', days: 310.5, tags: ['network'], lifetime: 730, key: 'rsa1024' },
  { name: 'printer-3.internal', days: 2900.5, tags: ['office'], fault: 'self', accepted: [printer] },
  { name: 'vcenter.internal', days: 412.5, tags: ['virtual machines'], lifetime: 730, fault: 'self' },
  { name: 'esx1.internal', days: 301.5, tags: ['virtual machines'], lifetime: 365 },
  { name: 'esx2.internal', days: 301.5, tags: ['virtual machines'], lifetime: 365 },
  { name: 'backup.internal', days: 255.5, tags: ['virtual machines'], lifetime: 365 },
  { name: 'kubernetes-api.internal', days: 330.5, tags: ['kubernetes'], lifetime: 365 },
  { name: 'etcd.internal', days: 330.5, tags: ['kubernetes'], lifetime: 365 },
  { name: 'registry.internal', days: 75.5, tags: ['kubernetes'] },
  { name: 'vault.internal', days: 58.5, tags: ['kubernetes'] },
  { name: 'grafana.apps.example.com', days: 0, tags: ['apps'], wildcard: 'renewed' },
  { name: 'jira.apps.example.com', days: 0, tags: ['apps'], wildcard: 'renewed' },
  { name: 'wiki.apps.example.com', days: 0, tags: ['apps'], wildcard: 'renewed' },
  { name: 'crm.apps.example.com', days: 0, tags: ['apps', 'customers'], wildcard: 'renewed' },
  { name: 'hr.apps.example.com', days: 0, tags: ['apps'], wildcard: 'old' },
  { name: 'travel.apps.example.com', days: 0, tags: ['apps'], wildcard: 'old' },
  { name: 'build.apps.example.com', days: 0, tags: ['apps'], wildcard: 'renewed' },
  { name: 'mirror.internal', days: 66.5, tags: ['internal CA'] },
  { name: 'ntp.internal', days: 67.5, tags: ['internal CA'] },
];

export interface PrivatePki {
  jobs: JobInput[];
  servers: TestServer[];
}

/**
 * Serves 36 hosts under a root, an issuing CA for servers and one for machines. `mail.example.com` has a year behind it, which is written into the
 * data folder; the others are returned as jobs to add.
 */
export async function servePrivatePki(dataFolder: string, caFile: string): Promise<PrivatePki> {
  const root = makeCa('Example Corp Root', { notBeforeDays: -1500 });
  const issuing = (name: string) =>
    root.issue({ name, isCa: true, sans: [], notBeforeDays: -1200, notAfterDays: 2000 });
  const [web, machines] = [issuing('Example Corp CA 2'), issuing('Example Device CA')];
  writeFileSync(caFile, root.pem);
  const wildcard = (notBeforeDays: number, lifetime: number) =>
    web.issue({
      name: '*.apps.example.com',
      sans: ['*.apps.example.com', 'localhost'],
      notBeforeDays,
      notAfterDays: notBeforeDays + lifetime,
    });
  const wildcards = { old: wildcard(-81.5, 90), renewed: wildcard(-6.5, 90) };
  const servers = [await serveMail(dataFolder, caFile, web)];
  const jobs: JobInput[] = [];
  for (const { name, tags, notes = '', paused = false, accepted = [], ...host } of hosts) {
    const issuer = name.endsWith('.internal') ? machines : web;
    const leaf = host.wildcard ? wildcards[host.wildcard] : leafOf(name, host, issuer);
    const isAlone = host.fault === 'chain' || host.fault === 'self';
    const old = host.key === 'rsa1024' ? { ciphers: 'DEFAULT:@SECLEVEL=0' } : {};
    const server = await serveTls(leaf, isAlone ? [] : [issuer], old);
    servers.push(server);
    const port = host.fault === 'down' ? 636 : server.port;
    jobs.push({ name, tags, notes, paused, accepted, target: { host: 'localhost', port, starttls: null } });
  }
  return { jobs, servers };
}

function leafOf(
  name: string,
  { days, lifetime = 90, fault, key = 'p256' }: Omit<PrivateHost, 'name' | 'tags'>,
  issuer: Issued,
): Issued {
  const dns = name === 'münchen.example' ? 'xn--mnchen-3ya.example' : name;
  const sans = fault === 'name' ? ['www.other.example'] : ['localhost', dns];
  const times = { notBeforeDays: Math.min(-10, days - lifetime), notAfterDays: days };
  if (fault === 'self') return makeSelfSigned({ ...times, name, sans, key });
  return issuer.issue({ name: sans.at(-1) ?? name, sans, key, ...times });
}

/** A server with a year behind it: renewed every sixty days or so, and overdue now. */
function serveMail(dataFolder: string, caFile: string, issuer: Issued): Promise<TestServer> {
  const name = 'mail.example.com';
  const certificates = [330, 271, 210, 149, 87.6].map((fromDaysAgo) => ({
    fromDaysAgo,
    leaf: issuer.issue({
      name,
      sans: [name, 'smtp.example.com', 'imap.example.com', 'localhost'],
      notBeforeDays: -fromDaysAgo,
      notAfterDays: 90 - fromDaysAgo,
    }),
    behind: [issuer],
  }));
  const notes = 'Owner: Maria (ops)\nRunbook: https://wiki.example.com/runbooks/mail';
  return liveThrough(dataFolder, caFile, {
    job: { name, tags: ['mail'], notes, target: {} },
    certificates,
    everyDays: 3,
  });
}

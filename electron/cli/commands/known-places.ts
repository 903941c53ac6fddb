import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isGlob } from '../../../shared/domain/source-path.ts';
import { globMatcher, splitGlob, walkFolder } from '../../engine/probe/files/walk.ts';

/** A place in which programs keep certificates, by the name of its source. */
export interface KnownPlace {
  name: string;
  path: string;
}

/** Where programs keep certificates as a rule, by their documentation. */
const places: readonly (readonly [name: string, ...paths: string[]])[] = [
  ['letsencrypt', '/etc/letsencrypt/live', '/usr/local/etc/letsencrypt/live'],
  ['acme.sh', '~/.acme.sh', '/etc/acme.sh'],
  ['lego', '/etc/lego/certificates', '~/.lego/certificates'],
  ['kubernetes', '/etc/kubernetes'],
  ['kubelet', '/var/lib/kubelet/pki'],
  ['k3s', '/var/lib/rancher/k3s/server/tls', '/var/lib/rancher/k3s/agent'],
  ['etcd', '/etc/etcd/pki', '/etc/ssl/etcd'],
  ['docker', '/etc/docker/certs.d'],
  ['containerd', '/etc/containerd/certs.d'],
  ['haproxy', '/etc/haproxy/certs', '/etc/haproxy/ssl'],
  ['nginx', '/etc/nginx/ssl', '/etc/nginx/certs'],
  ['apache', '/etc/apache2/ssl', '/etc/httpd/conf/ssl.crt'],
  ['caddy', '/var/lib/caddy/.local/share/caddy/certificates', '~/.local/share/caddy/certificates'],
  ['traefik', '/etc/traefik/acme.json', '/var/lib/traefik/acme.json'],
  ['postfix', '/etc/postfix/ssl', '/etc/postfix/certs'],
  ['dovecot', '/etc/dovecot/private', '/etc/dovecot/ssl'],
  ['openvpn', '/etc/openvpn'],
  ['private', '/etc/ssl/private', '/etc/pki/tls/certs', '/etc/pki/tls/private'],
  ['mosquitto', '/etc/mosquitto/certs'],
  ['postgresql', '/etc/postgresql', '/var/lib/pgsql/data'],
  ['java', '/etc/ssl/certs/java/cacerts', '/etc/pki/java/cacerts'],
  ['kubeconfig', '~/.kube/config'],
  ['win-acme', 'C:/ProgramData/win-acme/**/*.{pfx,pem}'],
];

/** Returns the well-known places that are there, in the order of the table. */
export async function findKnownPlaces(home = homedir()): Promise<KnownPlace[]> {
  const found: KnownPlace[] = [];
  for (const [name, ...paths] of places)
    for (const path of paths.map((one) => one.replace(/^~/, home)))
      if (await isThere(path)) found.push({ name, path });
  return found;
}

async function isThere(path: string): Promise<boolean> {
  const glob = isGlob(path) ? splitGlob(path) : null;
  if (glob) {
    const { files } = await walkFolder(glob.root, { matches: globMatcher(glob.pattern) });
    return files.length > 0;
  }
  return stat(path).then(
    () => true,
    () => false, // Not there, or not for this user to know.
  );
}

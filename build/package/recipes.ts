import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { appId } from '../../electron/desktop/app-id.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { artifactsOf } from './artifacts.ts';
import { listName } from './checksums.ts';
import { packageConfig } from './config.ts';

/**
 * Writes the recipes of package managers for a release: build/package/recipes/ with the release's own version, addresses and digests.
 * Nothing is left to be filled in by hand; a person hands them to the managers (docs/release-checklist.md).
 */

const templates = join(import.meta.dirname, 'recipes');

/** Where each template goes, as the repository of its manager has it. */
const places: Readonly<Record<string, (version: string) => string>> = {
  'homebrew/cask.rb': () => 'homebrew/Casks/notafter.rb',
  'homebrew/formula.rb': () => 'homebrew/Formula/notafter.rb',
  'winget/version.yaml': (version) => `${wingetFolder(version)}/${wingetId}.yaml`,
  'winget/installer.yaml': (version) => `${wingetFolder(version)}/${wingetId}.installer.yaml`,
  'winget/locale.yaml': (version) => `${wingetFolder(version)}/${wingetId}.locale.en-US.yaml`,
  'aur/PKGBUILD': () => 'aur/PKGBUILD',
  'aur/SRCINFO': () => 'aur/.SRCINFO',
  'flathub/manifest.yaml': () => `flathub/${appId}.yaml`,
};

/** Publisher and name: https://learn.microsoft.com/windows/package-manager/package/manifest */
const wingetId = 'NotAfter.NotAfter';
const wingetFolder = (version: string) => `winget/manifests/n/NotAfter/NotAfter/${version}`;

/** Homebrew's names of macOS: https://docs.brew.sh/Cask-Cookbook#depends_on-macos */
const macNames: Readonly<Record<string, string>> = { '13.0': 'ventura', '14.0': 'sonoma', '15.0': 'sequoia' };

export interface Release {
  version: string;
  /** `owner/name` of the repository whose releases have the files. */
  repository: string;
  /** Text of SHA256SUMS. */
  checksums: string;
  /** Of the release, as 2026-11-26. */
  date: string;
}

/**
 * Fills the templates for a release.
 * @returns the text of each file by its path; empty for a prerelease, which no manager takes
 * @throws Error where SHA256SUMS does not name a file that a recipe downloads
 */
export function makeRecipes(release: Release): Map<string, string> {
  const { version } = release;
  if (version.includes('-')) return new Map();
  const values = valuesOf(release);
  return new Map(
    Object.entries(places).map(([template, place]) => [
      place(version),
      fill(readFileSync(join(templates, template), 'utf8'), values),
    ]),
  );
}

function valuesOf({ version, repository, checksums, date }: Release): Record<string, string> {
  const digests = new Map(
    [...checksums.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)].map(([, digest = '', name = '']) => [name, digest]),
  );
  const digestOf = (name: string) => {
    const digest = digests.get(name);
    if (digest === undefined) throw new Error(`${listName} does not name ${name}.`);
    return digest;
  };
  const { deb, dmg, setup, npm } = artifactsOf(version);
  const { productName, mac } = packageConfig({});
  const system = macNames[String(mac?.minimumSystemVersion)];
  if (system === undefined) throw new Error('The oldest macOS of the configuration has no name in Homebrew.');
  const [owner = ''] = repository.split('/');
  return {
    APP_ID: appId,
    PRODUCT: productName ?? '',
    VERSION: version,
    DATE: date,
    DESCRIPTION: packageJson.description.replace(/\.$/, ''),
    AUTHOR: packageJson.author,
    LICENSE: packageJson.license,
    MAINTAINER: `${packageJson.author} <${owner}@users.noreply.github.com>`,
    PAGE: `https://github.com/${repository}`,
    DOWNLOADS: `https://github.com/${repository}/releases/download/v${version}`,
    MACOS: system,
    WINGET_ID: wingetId,
    PRODUCT_CODE: productCode(appId),
    // Homebrew writes both names as one, with its own words for version and architecture.
    DMG: dmg.arm64.replace(version, '#{version}').replace('arm64', '#{arch}'),
    DMG_ARM64_SHA256: digestOf(dmg.arm64),
    DMG_X64_SHA256: digestOf(dmg.x64),
    DEB_X64: deb.x64,
    DEB_X64_SHA256: digestOf(deb.x64),
    DEB_ARM64: deb.arm64,
    DEB_ARM64_SHA256: digestOf(deb.arm64),
    SETUP: setup,
    SETUP_SHA256: digestOf(setup),
    NPM: npm,
    NPM_SHA256: digestOf(npm),
  };
}

/** @throws Error where the template asks for what there is no value of */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/@([A-Z][A-Z0-9_]+)@/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`A recipe asks for ${key}, which has no value.`);
    return value;
  });
}

/**
 * Returns the key under which the installer is registered in Windows: electron-builder's UUID of version 5 (RFC 9562 §5.5) of the app
 * id (NsisTarget, ELECTRON_BUILDER_NS_UUID). By it winget recognizes what it installed.
 */
export function productCode(id: string): string {
  const namespace = Buffer.from('50e065bc313411e69bab38c9862bdaf3', 'hex');
  const bytes = createHash('sha1').update(namespace).update(id).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

if (process.argv[1] === import.meta.filename) {
  const [, , assets, folder] = process.argv;
  const { GITHUB_REPOSITORY, SOURCE_DATE_EPOCH } = process.env;
  const repository = z
    .string({ error: 'GITHUB_REPOSITORY names no repository.' })
    .regex(/^[^/]+\/[^/]+$/)
    .parse(GITHUB_REPOSITORY);
  if (assets === undefined || folder === undefined) {
    process.stderr.write('node build/package/recipes.ts ASSETS FOLDER\n');
    process.exit(1);
  }
  const at = SOURCE_DATE_EPOCH ? Number(SOURCE_DATE_EPOCH) * 1000 : Date.now();
  const recipes = makeRecipes({
    version: packageJson.version,
    repository,
    checksums: readFileSync(join(assets, listName), 'utf8'),
    date: new Date(at).toISOString().slice(0, 10),
  });
  for (const [path, text] of recipes) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  process.stdout.write(
    recipes.size === 0
      ? 'A prerelease has no recipes.\n'
      : [...recipes.keys()].map((path) => `${path}\n`).join(''),
  );
}

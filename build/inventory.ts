import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Enums, Models, Serialize, SPDX, Spec } from '@cyclonedx/cyclonedx-library';
import { z } from 'zod';
import packageJson from '../package.json' with { type: 'json' };
import { type RuntimeParts, runtimeParts } from './runtime-parts.ts';

/** A package of others that is in what was built, as Vite's `build.license` reports it. */
const piecesSchema = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    identifier: z.string().nullable().default(null),
    text: z.string().nullable().default(null),
  }),
);
type Piece = z.infer<typeof piecesSchema>[number];

const manifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string() });

/** Where each of the builds leaves what it bundled. */
const reports = ['page/licences.json', 'app/licences.json', 'desktop/licences.json'];

/**
 * Writes beside the builds what of others is in them: `licences.md` with their licences, and `bom.json`, a software bill of
 * materials (CycloneDX 1.6).
 */
export function writeInventory(dist: string): void {
  const pieces = new Map<string, Piece>();
  for (const report of reports) {
    const path = join(dist, report);
    for (const piece of piecesSchema.parse(JSON.parse(readFileSync(path, 'utf8'))))
      pieces.set(`${piece.name}@${piece.version}`, piece);
    rmSync(path);
  }
  for (const piece of [copied('swagger-ui-dist', 'LICENSE', 'NOTICE')])
    pieces.set(`${piece.name}@${piece.version}`, piece);
  const sorted = [...pieces.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, piece]) => piece);
  writeFileSync(join(dist, 'licences.md'), licences(sorted));
  writeFileSync(join(dist, 'bom.json'), bom([...sorted, electron()], runtimeParts()));
}

/** A package that is copied, not bundled. */
function copied(name: string, ...texts: string[]): Piece {
  const { resolve } = createRequire(import.meta.url);
  const file = (path: string) => readFileSync(resolve(`${name}/${path}`), 'utf8');
  const { version, license } = manifestSchema.parse(JSON.parse(file('package.json')));
  return { name, version, identifier: license, text: texts.map(file).join('\n') };
}

/** The runtime; its own licences lie beside it in every package. */
function electron(): Piece {
  const version = packageJson.devDependencies.electron.replace(/^\D+/, '');
  return { name: 'electron', version, identifier: 'MIT', text: null };
}

function licences(pieces: readonly Piece[]): string {
  const parts = pieces.map(
    ({ name, version, identifier, text }) =>
      `## ${name} ${version} (${identifier ?? 'no licence named'})\n\n${text?.trim() ?? 'It comes without a text.'}\n`,
  );
  return `# Licences of what is in NotAfter\n\nNotAfter itself is under the MIT licence. It is made with the work of others:\n\n${parts.join('\n')}`;
}

/**
 * Writes the bill of materials.
 * @param parts of Electron's runtime, by which scanners find its vulnerabilities
 */
export function bom(pieces: readonly Piece[], parts: RuntimeParts): string {
  const { name, version, license } = packageJson;
  const self = componentOf(Enums.ComponentType.Application, {
    name,
    version,
    identifier: license,
    text: null,
  });
  const document = new Models.Bom({ metadata: new Models.Metadata({ component: self }) });
  for (const piece of pieces) {
    const component = componentOf(Enums.ComponentType.Library, piece);
    document.components.add(component);
    self.dependencies.add(component.bomRef);
    if (piece.name !== 'electron') continue;
    for (const part of componentsOf(parts)) {
      document.components.add(part);
      component.dependencies.add(part.bomRef);
    }
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(document, { sortLists: true, space: 2 })}\n`;
}

/** By the names that the National Vulnerability Database has for them, since neither is a package of npm. */
function componentsOf({ chromium, node, source }: RuntimeParts): Models.Component[] {
  const part = (name: string, version: string | null, cpe: string, license: string) => {
    if (version === null) return [];
    const purl = `pkg:generic/${name}@${version}`;
    return [
      new Models.Component(Enums.ComponentType.Framework, name, {
        version,
        purl,
        bomRef: purl,
        cpe: `cpe:2.3:a:${cpe}:${version}:*:*:*:*:*:*:*`,
        description: 'In Electron’s runtime',
        licenses: new Models.LicenseRepository([licenceOf(license)]),
        properties: new Models.PropertyRepository([new Models.Property('notafter:version-source', source)]),
      }),
    ];
  };
  return [
    ...part('chromium', chromium, 'google:chrome', 'BSD-3-Clause'),
    ...part('node', node, 'nodejs:node.js', 'MIT'),
  ];
}

function componentOf(type: Enums.ComponentType, { name, version, identifier }: Piece): Models.Component {
  const [, group, bare = name] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name) ?? [];
  // purl-spec, type npm: the scope's @ is encoded.
  const purl = `pkg:npm/${group === undefined ? '' : `${encodeURIComponent(group)}/`}${bare}@${version}`;
  return new Models.Component(type, bare, {
    ...(group === undefined ? {} : { group }),
    version,
    purl,
    bomRef: purl,
    licenses: new Models.LicenseRepository(identifier === null ? [] : [licenceOf(identifier)]),
  });
}

function licenceOf(identifier: string): Models.License {
  if (SPDX.isSupportedSpdxId(identifier)) return new Models.SpdxLicense(identifier);
  return / (OR|AND|WITH) /.test(identifier)
    ? new Models.LicenseExpression(identifier)
    : new Models.NamedLicense(identifier);
}

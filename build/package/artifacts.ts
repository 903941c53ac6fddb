import packageJson from '../../package.json' with { type: 'json' };
import { packageConfig } from './config.ts';

/** How electron-builder names an architecture in the names of packages (builder-util's `getArtifactArchName`). */
const archNames: Readonly<Record<string, Readonly<Record<'x64' | 'arm64', string>>>> = {
  deb: { x64: 'amd64', arm64: 'arm64' },
};

/** The files of a release that the recipes of package managers download. */
export interface Artifacts {
  deb: { x64: string; arm64: string };
  dmg: { x64: string; arm64: string };
  /** The installer for Windows: one for both architectures. */
  setup: string;
  /** The npm package. */
  npm: string;
}

/**
 * Returns the names of a release's files by the patterns of the package configuration, which electron-builder follows.
 * @throws Error where the configuration has no pattern for one of them
 */
export function artifactsOf(version: string): Artifacts {
  const { deb, dmg, nsis, productName } = packageConfig({});
  const name = (pattern: unknown, ext: string, arch: 'x64' | 'arm64') => {
    if (typeof pattern !== 'string') throw new Error(`The package configuration names no ${ext}.`);
    const values: Record<string, string> = {
      name: packageJson.name,
      productName: productName ?? '',
      version,
      ext,
      arch: archNames[ext]?.[arch] ?? arch,
    };
    return pattern.replace(/\$\{(\w+)\}/g, (macro, key: string) => values[key] ?? macro);
  };
  const both = (pattern: unknown, ext: string) => ({
    x64: name(pattern, ext, 'x64'),
    arm64: name(pattern, ext, 'arm64'),
  });
  return {
    deb: both(deb?.artifactName, 'deb'),
    dmg: both(dmg?.artifactName, 'dmg'),
    setup: name(nsis?.artifactName, 'exe', 'x64'),
    npm: `${packageJson.name}-${version}.tgz`,
  };
}

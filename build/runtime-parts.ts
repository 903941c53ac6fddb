import { spawnSync } from 'node:child_process';
import collection from 'electron-to-chromium/full-versions.json' with { type: 'json' };
import collected from 'electron-to-chromium/package.json' with { type: 'json' };
import { z } from 'zod';
import packageJson from '../package.json' with { type: 'json' };
import { findRuntime } from './runtime.ts';

/** What vulnerability scanners look for in Electron's runtime, by version. */
export interface RuntimeParts {
  /** Null: not known. */
  chromium: string | null;
  /** Null: not known, where the runtime is not installed. */
  node: string | null;
  /** Where the versions are from. */
  source: string;
}

const versionsSchema = z.object({ electron: z.string(), chrome: z.string(), node: z.string() });
const electronVersion = packageJson.devDependencies.electron.replace(/^\D+/, '');

/**
 * Returns the versions of Chromium and Node in the release of Electron that is packed: the runtime itself says them
 * (https://www.electronjs.org/docs/latest/api/process#processversionschrome-readonly). Where it is not installed, Chromium's is in
 * electron-to-chromium, which Electron's releases are collected in, and Node's is not known.
 * @param runtime its program; null: it is not installed
 */
export function runtimeParts(runtime = findRuntime()): RuntimeParts {
  const asked = runtime === null ? null : askRuntime(runtime);
  // A stand-in, or another release, says nothing of the one that is packed.
  if (asked?.electron === electronVersion)
    return { chromium: asked.chrome, node: asked.node, source: 'process.versions of the runtime' };
  const chromiums: Readonly<Record<string, string>> = collection;
  return {
    chromium: chromiums[electronVersion] ?? null,
    node: null,
    source: `electron-to-chromium ${collected.version}`,
  };
}

function askRuntime(runtime: string): z.infer<typeof versionsSchema> | null {
  const { stdout, status } = spawnSync(runtime, ['-p', 'JSON.stringify(process.versions)'], {
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    timeout: 30_000,
  });
  if (status !== 0) return null;
  try {
    return versionsSchema.safeParse(JSON.parse(stdout)).data ?? null;
  } catch {
    return null; // It is no program that answers as Node does.
  }
}

/** Ways in which systems and accidents differ; `STAND_IN_MODES` names them, with commas between them. README.md has their sources. */
const modes = [
  'wayland',
  'windows',
  'macos',
  'sandbox-refused',
  'root',
  'no-display',
  'keyring-waits',
  'page-fails',
  'page-missing',
] as const;
export type Mode = (typeof modes)[number];

const named = (process.env['STAND_IN_MODES'] ?? '').split(',').filter(Boolean);
for (const name of named)
  if (!modes.some((mode) => mode === name)) throw new Error(`The stand-in has no mode “${name}”.`);

export function isMode(mode: Mode): boolean {
  return named.includes(mode);
}

/** What `process.platform` is for the app. */
export const platform: NodeJS.Platform = (() => {
  if (isMode('windows')) return 'win32';
  return isMode('macos') ? 'darwin' : process.platform;
})();

import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { appId } from '../../electron/desktop/app-id.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { homepageOf } from './config.ts';
import { writeShare } from './share.ts';

const root = join(import.meta.dirname, '../..');

/** Sizes of hicolor (Icon Theme Specification) that desktops ask for. */
const iconSizes = [16, 24, 32, 48, 64, 128, 256, 512];

/**
 * Writes the icons in every size, the manual page, completion, AppStream metadata, and the scripts of deb and rpm.
 * @param linuxParts folder to write them to: that of `partFolders`
 * @param environment as `packageConfig` has it; SOURCE_DATE_EPOCH dates them
 */
export async function writeLinuxParts(linuxParts: string, environment: NodeJS.ProcessEnv): Promise<void> {
  rmSync(linuxParts, { recursive: true, force: true });
  mkdirSync(join(linuxParts, 'icons'), { recursive: true });
  const drawing = join(root, 'build/icons/svg/app.svg');
  for (const size of iconSizes) {
    const picture = new Resvg(readFileSync(drawing, 'utf8'), { fitTo: { mode: 'width', value: size } });
    writeFileSync(join(linuxParts, `icons/${size}x${size}.png`), picture.render().asPng());
  }
  copyFileSync(drawing, join(linuxParts, 'notafter.svg'));
  const date = await writeShare(join(linuxParts, 'share'), environment);
  const metainfo = readFileSync(join(root, 'build/package/linux/metainfo.xml'), 'utf8')
    .replaceAll('@ID@', appId)
    .replace('@HOMEPAGE@', homepageOf(environment))
    .replace('@VERSION@', packageJson.version)
    .replace('@DATE@', date);
  mkdirSync(join(linuxParts, 'share/metainfo'));
  writeFileSync(join(linuxParts, `share/metainfo/${appId}.metainfo.xml`), metainfo);
  for (const name of ['after-install', 'after-remove'])
    writeFileSync(join(linuxParts, `${name}.tpl`), withWrapper(name));
  chmodSync(join(root, 'build/package/bin-linux/notafter'), 0o755);
}

/** electron-builder's script, with the link to the program led to the wrapper of the command line. */
function withWrapper(name: string): string {
  const library = dirname(createRequire(import.meta.url).resolve('app-builder-lib/package.json'));
  const text = readFileSync(join(library, `templates/linux/${name}.tpl`), 'utf8');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills these in.
  const program = '/opt/${sanitizedProductName}/${executable}';
  if (!text.includes(program)) throw new Error(`${name}.tpl of electron-builder does not name ${program}.`);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills these in.
  return text.replaceAll(program, '/opt/${sanitizedProductName}/resources/bin/${executable}');
}

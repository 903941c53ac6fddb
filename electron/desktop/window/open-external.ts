import { dialog, shell } from 'electron';

/**
 * Opens an address outside of NotAfter, in the person's browser: https alone, and only after they have said so. What a page
 * shows comes from elsewhere, and a system opens more kinds of addresses than one would think.
 */
export async function openOutside(url: string): Promise<void> {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'https:') return;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: `Open ${parsed.host} in your browser?`,
    detail: parsed.href,
    buttons: ['Open', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) await shell.openExternal(parsed.href);
}

/** What page, preload script and main process of the desktop app must agree on. */

/** The page's own origin: a privileged scheme of ours rather than file://. */
export const pageScheme = 'app';
export const pageOrigin = `${pageScheme}://notafter`;

/** Channel by which a page asks for its connection; the port comes with it. */
export const connectChannel = 'notafter:connect';

/** Channel by which the main process asks the page to go somewhere; the address's fragment is the message. */
export const showPlaceChannel = 'notafter:show-place';

/** The message by which the preload script hands the page its port. */
export const portMessage = 'notafter:port';

/** Where in the page a job is shown. */
export function jobHash(id: string): string {
  return `#/jobs/${encodeURIComponent(id)}`;
}

/** Where in the page the alerts are shown. */
export const alertsHash = '#/alerts';

/** Where in the page saved searches and their finds are shown. */
export const discoverHash = '#/discover';

/** Where in the page the settings are shown. */
export const settingsHash = '#/settings';

/** The property of the message by which the preload script hands the page the paths of dropped certificate files. */
export const droppedPathsMessage = 'notafter:dropped-paths';

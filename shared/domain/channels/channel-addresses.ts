/** Services with recognizable addresses; `office-connector`: Teams’ old connectors, which Microsoft has switched off. */
type KnownService = 'discord' | 'slack' | 'teams' | 'ntfy' | 'mattermost' | 'office-connector';

/** What people call the services. */
export const serviceTitles: Readonly<Record<KnownService, string>> = {
  discord: 'Discord',
  slack: 'Slack',
  teams: 'Microsoft Teams',
  ntfy: 'ntfy',
  mattermost: 'Mattermost',
  'office-connector': 'Microsoft Teams',
};

/** Each service with the hosts of its addresses and, where the host alone does not tell, their path. */
const services: readonly { service: KnownService; host?: RegExp; path?: RegExp }[] = [
  {
    service: 'discord',
    host: /^(?:(?:canary|ptb)\.)?discord(?:app)?\.com$/,
    path: /^\/api\/(?:v\d+\/)?webhooks\//,
  },
  { service: 'slack', host: /^hooks\.slack(?:-gov)?\.com$/ },
  { service: 'office-connector', host: /(?:^|\.)webhook\.office\.com$/ },
  { service: 'office-connector', host: /^outlook\.office(?:365)?\.com$/, path: /^\/webhook\// },
  { service: 'teams', host: /(?:^|\.)(?:logic\.azure\.com|powerplatform\.com|powerautomate\.com)$/ },
  { service: 'ntfy', host: /^ntfy\.sh$/ },
  { service: 'mattermost', path: /^\/(?:[\w-]+\/)?hooks\/[a-z0-9]{26}$/ },
];

/** Returns the service that an address belongs to; null if it is unknown. */
export function channelName({ hostname, pathname }: URL): KnownService | null {
  const found = services.find(
    ({ host, path }) => (host?.test(hostname) ?? true) && (path?.test(pathname) ?? true),
  );
  return found?.service ?? null;
}

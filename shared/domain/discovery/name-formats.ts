/** Formats of the files that a search reads names from, the more particular ones first: a text is taken for the first that it fits. */
export const nameFormats = [
  'kubeconfig',
  'kubernetes',
  'nginx',
  'apache',
  'haproxy',
  'caddy',
  'traefik',
  'zone',
  'etc-hosts',
] as const;

export type NameFormat = (typeof nameFormats)[number];

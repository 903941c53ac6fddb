/** The sections of the settings, in their order; the key is part of the address. */
export const sections = {
  general: 'General',
  alerts: 'Alerts',
  tags: 'Tag rules',
  sources: 'Certificate files',
  checks: 'Checks',
  channels: 'Channels',
  heartbeats: 'Heartbeats',
  reports: 'Reports',
  api: 'API',
  data: 'Import and export',
  about: 'Help and updates',
} as const;

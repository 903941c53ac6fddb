/** What of the alerts is shown. */
export interface AlertsPlace {
  /** `open`: what needs attention or is snoozed; `all`: every state. */
  show: 'open' | 'all';
  search: string;
}

/** Reads the query of the address of the alerts. What is unknown is left out. */
export function readAlertsPlace(query: string): AlertsPlace {
  const read = new URLSearchParams(query);
  return { show: read.get('show') === 'all' ? 'all' : 'open', search: read.get('q') ?? '' };
}

/** Returns the address of the alerts: `#/alerts?show=all&q=mail`. */
export function alertsAddress({ show, search }: AlertsPlace): string {
  const query = new URLSearchParams();
  if (show === 'all') query.set('show', show);
  if (search !== '') query.set('q', search);
  const text = query.toString();
  return text === '' ? '#/alerts' : `#/alerts?${text}`;
}

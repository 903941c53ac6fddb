/** Why people were, or were not, notified of the example job. */
export const explanation = {
  warning: { value: '20 days', source: 'tag shop', at: '2026-12-04T23:59:59.000Z' },
  critical: {
    value: 'a tenth of the lifetime, at most 7 days',
    source: 'default',
    at: '2026-12-17T23:59:59.000Z',
  },
  rules: [{ rule: 'expiry', value: 'on', source: 'default' }],
  renewals: {
    habit: 'renewed 30 days before expiry the last three times',
    expectedAt: '2026-11-24T23:59:59.000Z',
    overdueAt: '2026-11-29T11:59:59.000Z',
  },
  heldBack: [{ reason: 'Quiet hours: only critical alerts notify you.', until: '2026-11-25T06:00:00.000Z' }],
  alerts: [],
};

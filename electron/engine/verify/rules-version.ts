/**
 * Version of the rules by which certificates are judged. To be raised with each change by which a host that did not change gets another
 * verdict, so that people get one summary: see `rules-upgrade.ts`.
 */
export const rulesVersion = 4;

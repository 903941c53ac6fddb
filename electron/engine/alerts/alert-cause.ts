import type { AlertKind } from '../../../shared/schema/alert.ts';
import type { Problem } from '../../../shared/schema/check-result.ts';
import type { KnownLeaf } from './certificate-changes.ts';

/** Why an alert is raised, as facts: its words are made of them. Times in milliseconds since the epoch. */
export type AlertCause =
  | { kind: 'expiring' | 'overdue' | 'expired'; leaf: KnownLeaf; leaves: readonly KnownLeaf[] }
  | { kind: 'problem'; problem: Problem }
  | { kind: 'changed'; from: KnownLeaf; to: KnownLeaf; isOtherIssuer: boolean; isOtherKey: boolean }
  | { kind: 'unreachable'; message: string; since: number; count: number }
  | { kind: 'renewed'; from: KnownLeaf; to: KnownLeaf }
  | { kind: 'recovered'; ended: readonly { key: string; kind: AlertKind }[] };

export { CheckpointAudit } from './checkpoint-audit.ts';
export { LedgerAudit, type AuditOptions } from './ledger-audit.ts';
export { lostAt, type PublishedRecord } from './lost-anchors.ts';
export { PublishedAudit, type FirstPass } from './published-audit.ts';
export { openHead, type AuditTrust } from './trust.ts';
export type { HeadVerdict, Verdict } from './verdict.ts';

import type { ClockJump } from '@chancery/runtime/journal';
import { duration } from './amounts.ts';

/** What a person is told when the machine's clock is not where it should be. */
export function jumpText({ kind, byMs }: ClockJump): string {
  const by = duration(byMs);
  switch (kind) {
    case 'back':
      return `The clock of this machine was set back by ${by}; recorded times go on from before.`;
    case 'ahead':
      return `The clock of this machine went ahead by ${by}: it was set, or the machine slept.`;
    case 'behind':
      return `The clock of this machine is ${by} behind the ledger; recorded times go on from there.`;
  }
}

/** Longer than an authority takes to answer. */
const promptMs = 60_000;

/** What a person is told when the machine's clock is not that of an authority that answered now. */
export function offText(aheadMs: number, accuracyMs: number): string | undefined {
  const byMs = Math.abs(aheadMs);
  if (byMs <= promptMs + accuracyMs) return undefined;
  const where = aheadMs > 0 ? 'ahead of' : 'behind';
  return `The clock of this machine is ${duration(byMs)} ${where} the time that was attested.`;
}

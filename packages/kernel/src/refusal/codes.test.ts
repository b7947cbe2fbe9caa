import { describe, expect, it } from 'vitest';
import { exitCodeOf } from './refusal.ts';
import { refusalCodes, type RefusalCode } from './codes.ts';

const exitOf = (codes: readonly RefusalCode[]) => [...new Set(codes.map(exitCodeOf))];
const ending = (end: string): readonly RefusalCode[] =>
  (Object.keys(refusalCodes) as RefusalCode[]).filter((code) => code.endsWith(end));

describe('the exit code of a refusal', () => {
  it('is that of usage or configuration for whatever a person has written or said wrong', () => {
    expect(
      exitOf([
        ...(['policy.invalid', 'prices.invalid', 'channel.invalid'] as const),
        ...(['delegation.invalid', 'hook.invalid', 'vault.invalid', 'usage.invalid'] as const),
      ]),
    ).toEqual([2]);
  });

  it('is that of a failure for whatever outside could not be reached', () => {
    const outside = ending('.unreachable').filter((code) => code !== 'approval.unreachable');
    expect(outside).toContain('ledger.unreachable');
    expect(exitOf(outside)).toEqual([1]);
    expect(outside.every((code) => refusalCodes[code].retryable)).toBe(true);
  });

  it('is never that of an internal fault', () => {
    expect(Object.values(refusalCodes).map(({ exit }) => exit)).not.toContain(70);
  });
});

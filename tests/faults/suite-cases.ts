import { expect } from 'vitest';
import { storeSuite, type StoreHarness } from '@chancery/testkit/store-suite';

/** A case of the suite that every store passes. */
export interface SuiteCase {
  /** The part of the suite that it stands in. */
  readonly part: string;
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** The cases of the suite of every store that keeps its ledger, to be run one by one. */
export function suiteCases(
  harness: Omit<StoreHarness, 'isPersistent' | 'isBrief'>,
): readonly SuiteCase[] {
  const cases: SuiteCase[] = [];
  const within: string[] = [];
  const describe = (title: string, body: () => void) => {
    within.push(title);
    body();
    within.pop();
  };
  const it = (title: string, run: () => Promise<void>) => {
    cases.push({ part: within[1] ?? 'opened again', title, run });
  };
  storeSuite({ describe, it, expect }, 'SQLite', {
    ...harness,
    isPersistent: true,
    isBrief: true,
  });
  return cases;
}

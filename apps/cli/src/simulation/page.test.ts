import { describe, expect, it } from 'vitest';
import { emptyTally, type FlipGroup, type Tally } from '@chancery/domain/simulation';
import { reportPage } from './page.ts';
import type { Report } from './report.ts';

const hostile = `<script>alert("x")</script>'&\u202e`;

const group: FlipGroup = {
  asks: { before: null, after: null },
  ...{ from: 'permit', to: 'deny', capability: hostile, before: [hostile], after: [] },
  ...{ count: 2_000, runs: 1 },
  first: { source: 0, run: 'r1', seq: 7, position: 9, intent: null },
};
const tally: Tally = {
  ...emptyTally,
  ...{ runs: 1, flippedRuns: 1, groups: new Map([['one', group]]) },
  counts: { ...emptyTally.counts, flipped: 2_000 },
};
const report: Report = {
  trials: [{ kind: 'without', level: 'tenant', name: hostile }],
  ...{ sources: [hostile], sinceMs: 0, tally, command: 'chancery', own: 0 },
};

/** Elements that are open at the end, and those that were closed out of turn. */
function unbalanced(page: string): readonly string[] {
  const open: string[] = [];
  for (const [, slash, name = ''] of page.matchAll(/<(\/?)([a-z0-9]+)[^<>]*>/gu)) {
    if (name === 'meta') continue;
    if (slash === '') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else open.push(`/${name}`);
  }
  return open;
}

describe('the page of a report', () => {
  const page = reportPage(report);

  it('is well-formed, and has no script and nothing from elsewhere', () => {
    expect(unbalanced(page.replace('<!doctype html>', ''))).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bon[a-z]+=|url\(|https?:|src=|href=/iu);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline';`);
  });

  it('shows whatever stands in a ledger as text', () => {
    const shown = '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;\\u{202e}';
    expect(page.split(shown).length - 1).toBe(4);
    expect(page).not.toContain('\u202e');
  });

  it('has tables with a caption, and heads of columns and rows', () => {
    expect(page.match(/<caption>/gu)).toHaveLength(2);
    expect(page.match(/<th scope="col"/gu)).toHaveLength(10);
    expect(page.match(/<th scope="row">/gu)).toHaveLength(8);
    expect(page).toContain('<td class="number">2,000</td>');
    expect(page).toContain('<code>chancery policy explain --action r1@7</code>');
  });

  it('says so where nothing flips', () => {
    expect(reportPage({ ...report, tally: emptyTally })).toContain('<p>Nothing.</p>');
  });
});

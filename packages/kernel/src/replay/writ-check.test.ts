import {
  anotherWrit,
  carving,
  forging,
  ledgerFixture,
  people,
  RunStory,
  someDigest,
  someTerms,
  told,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { zeroAmounts } from '../account/index.ts';
import { sealEnvelope } from '../encoding/index.ts';
import type { Draft } from '../ledger/index.ts';
import { assert } from '../refusal/index.ts';
import {
  closeWrit,
  issueWrit,
  readWrit,
  revokeWrit,
  type ReadWrit,
  type Terms,
} from '../writ/index.ts';
import { verifyLedger } from './verify.ts';

function finished(options: Parameters<typeof ledgerFixture>[0] = {}): LedgerFixture {
  const fixture = ledgerFixture(options);
  writeRun(fixture);
  return fixture;
}

/** Writes a child of the lead's writ that its signer alone holds to be covered. */
function writeUnchecked(fixture: LedgerFixture, terms: Partial<Terms>): void {
  const { writ } = fixture.writ;
  const budget = { ...zeroAmounts, calls: 1 };
  const payload = { ...writ, budget, ...terms, nonce: 'wider' };
  const read = readWrit(sealEnvelope('application/vnd.chancery.writ+json', payload, [people.lead]));
  assert(read.ok, 'the writ is well formed');
  fixture.recorder.write(...carving(read.value));
}

describe('a child writ', () => {
  const { window, grants } = someTerms();
  test.each<readonly [string, Partial<Terms>, string]>([
    [
      'another path',
      { grants: [...grants.slice(0, 1), { capability: 'fs.write', where: [] }] },
      'fs.write',
    ],
    ['another effect', { effects: ['external'] }, 'the effect external is not permitted above'],
    [
      'a later window',
      { window: { ...window, notAfter: 9_001 } },
      'the window reaches beyond the one above',
    ],
    [
      'no smaller depth',
      { delegation: { depth: 1, children: 0 } },
      'the depth of delegation does not fall',
    ],
  ])('that is widened to %s is told where it is issued', (_what, terms, message) => {
    const fixture = ledgerFixture({ terms: { budget: zeroAmounts } });
    writeUnchecked(fixture, terms);
    const { recorder, ledger } = fixture;
    const { findings } = verifyLedger(ledger, [recorder.stored], recorder.heads);
    expect(findings).toMatchObject([
      { code: 'writ.invalid', message: expect.stringContaining(message) as string },
    ]);
    expect(told(fixture)).toEqual(['writ.invalid at writ.issued']);
  });

  test('takes no more budget than the one above has', () => {
    const fixture = ledgerFixture({ terms: { budget: zeroAmounts } });
    writeUnchecked(fixture, { budget: { ...zeroAmounts, calls: 101 } });
    expect(told(fixture)).toEqual([
      'writ.invalid at writ.issued',
      'budget.overspent at writ.carved',
    ]);
  });

  test('takes exactly the budget that it was issued with', () => {
    const edit = forging('writ.carved', (body) => ({ ...body, budget: zeroAmounts }));
    expect(told(ledgerFixture({ edit }))).toEqual(['writ.invalid at writ.issued']);
  });

  test('takes its budget in the batch that issues it', () => {
    const apart = (drafts: readonly Draft[]): boolean =>
      drafts.some(({ kind }) => kind === 'writ.carved');
    expect(told(ledgerFixture({ apart }))).toEqual(['writ.invalid at writ.issued']);
  });

  test('is one of as many as the writ above allows', () => {
    const fixture = ledgerFixture({ terms: { budget: zeroAmounts } });
    for (let child = 1; child < 4; child += 1) anotherWrit(fixture, { budget: zeroAmounts });
    const allowed = told(fixture);
    anotherWrit(fixture, { budget: zeroAmounts });
    expect([allowed, told(fixture)]).toEqual([[], ['writ.invalid at writ.carved']]);
  });

  describe('of the writ that a run acts under', () => {
    /** A root writ for two calls, a run under it that has begun one, and a child for some calls. */
    function carvedWith(calls: number, ends = false): readonly string[] {
      const fixture = ledgerFixture();
      const { ledger, recorder } = fixture;
      const budget = { ...zeroAmounts, calls: 2, wallMs: 2_000 };
      const issue = (parent: ReadWrit | null, terms: Partial<Terms>): ReadWrit => {
        const issuer = parent === null ? people.issuer : people.agent;
        const all = someTerms({ grants: fixture.writ.writ.grants, ...terms });
        const made = { ledger, parent, issuer, subject: people.agent.id, terms: all };
        const issued = issueWrit({ ...made, nonce: 'of a run' });
        assert(issued.ok, 'it is issued');
        return issued.value;
      };
      const root = issue(null, { budget });
      const { envelope } = root;
      recorder.write({ stream: `writ:${root.id}`, kind: 'writ.issued', body: { envelope } });
      const story = new RunStory(fixture, 'r1', root);
      story.start();
      story.begin();
      if (ends) story.finish({ outcome: 'cancelled' });
      const delegation = { depth: 0, children: 0 };
      recorder.write(...carving(issue(root, { budget: { ...zeroAmounts, calls }, delegation })));
      return told(fixture);
    }

    test('takes nothing that the run has taken of it', () => {
      expect([carvedWith(1), carvedWith(2)]).toEqual([
        [],
        ['writ.invalid at writ.issued', 'budget.overspent at writ.carved'],
      ]);
    });

    test('takes nothing that the run had taken of it when it ended', () => {
      expect(carvedWith(1, true)).not.toContain('budget.overspent at writ.carved');
      expect(carvedWith(2, true)).toContain('budget.overspent at writ.carved');
    });
  });

  test('serves one run', () => {
    const fixture = finished();
    new RunStory(fixture, 'r2').start();
    expect(told(fixture)).toEqual(['writ.invalid at run.started']);
  });

  test('gives no authority to an action after it was revoked, nor after one above was', () => {
    for (const which of ['writ', 'above'] as const) {
      const fixture = ledgerFixture();
      const { ledger, recorder } = fixture;
      const story = new RunStory(fixture);
      story.start();
      const { id } = fixture[which];
      const envelope = revokeWrit({ ledger, writ: id, reason: 'enough', by: people.root });
      recorder.write({ stream: `writ:${id}`, kind: 'writ.revoked', body: { envelope } });
      story.act();
      expect(told(fixture)).toEqual(['writ.exceeded at proposal.staged']);
    }
  });
});

describe('a writ that is closed', () => {
  test('brings back what its run has left, and the next child may take it', () => {
    const fixture = finished();
    const spent = { ...zeroAmounts, tokens: 20, costMicrousd: 4, calls: 2, wallMs: 6 };
    const { budget } = someTerms();
    const rest = { ...budget, tokens: budget.tokens - spent.tokens };
    anotherWrit(fixture, {
      budget: { ...rest, costMicrousd: 1_999_996, calls: 98, wallMs: 599_994 },
    });
    expect(told(fixture)).toEqual([]);
    anotherWrit(fixture, { budget: { ...zeroAmounts, calls: 1 } });
    expect(told(fixture)).toContain('budget.overspent at writ.carved');
  });

  test('keeps what is still reserved', () => {
    const fixture = ledgerFixture();
    const story = new RunStory(fixture);
    story.start();
    story.doubt(story.begin());
    story.finish({ outcome: 'cancelled' });
    const closed = fixture.recorder.entries.at(-1)?.entry;
    assert(closed?.kind === 'writ.closed', 'the end of the run closes its writ');
    expect([closed.body.returned.calls, told(fixture)]).toEqual([99, []]);
  });

  test.each([
    ['more', 1],
    ['less', -1],
  ])('does not bring back %s than is left', (_what, by) => {
    const edit = forging('writ.closed', (body) => ({
      ...body,
      returned: { ...body.returned, calls: body.returned.calls + by },
    }));
    expect(told(finished({ edit }))).toEqual(['writ.invalid at writ.closed']);
  });

  const closing = (fixture: LedgerFixture): Draft => ({
    stream: `writ:${fixture.above.id}`,
    kind: 'writ.closed',
    body: { child: fixture.writ.id, returned: fixture.writ.writ.budget },
  });

  test('is not closed while its run goes on, nor where it serves none', () => {
    const fixture = ledgerFixture();
    fixture.recorder.write(closing(fixture));
    const unused = told(fixture);
    new RunStory(fixture).start();
    fixture.recorder.write(closing(fixture));
    const running = told(fixture);
    expect([unused, running]).toEqual([
      ['writ.invalid at writ.closed'],
      ['writ.invalid at writ.closed'],
    ]);
  });

  test('is closed by the end of its run, which is the cause, or by a signature', () => {
    const edit = (drafts: readonly Draft[]): readonly Draft[] =>
      drafts.map((draft) => (draft.kind === 'writ.closed' ? { ...draft, cause: null } : draft));
    expect(told(finished({ edit }))).toEqual(['writ.invalid at writ.closed']);
  });

  test('is closed once', () => {
    const fixture = finished();
    const end = fixture.recorder.entries.find(({ entry }) => entry.kind === 'run.finished');
    fixture.recorder.write({ ...closing(fixture), cause: end?.digest ?? null });
    expect(told(fixture)).toEqual(['writ.invalid at writ.closed']);
    const edit = (drafts: readonly Draft[]): readonly Draft[] => {
      const closed = drafts.filter(({ kind }) => kind === 'writ.closed');
      return [...drafts, ...closed];
    };
    expect(told(finished({ edit }))).toEqual(['writ.invalid at writ.closed']);
  });

  test('is closed in the batch that ends its run', () => {
    const apart = (drafts: readonly Draft[]): boolean =>
      drafts.some(({ kind }) => kind === 'writ.closed');
    expect(told(finished({ apart }))).toEqual(['writ.invalid at writ.closed']);
  });
});

describe('a writ that is given back by a signature', () => {
  type Asked = Partial<Parameters<typeof closeWrit>[0]>;

  const givingBack = (
    { ledger, writ, above }: LedgerFixture,
    asked: Asked = {},
    returned = writ.writ.budget,
  ): Draft => {
    const envelope = closeWrit({
      ...{ ledger, writ: writ.id, reason: 'done', by: people.lead },
      ...asked,
    });
    const body = { child: writ.id, returned, envelope };
    return { stream: `writ:${above.id}`, kind: 'writ.closed', body };
  };

  test.each([
    ['its issuer', people.lead],
    ['its subject', people.agent],
    ['a root', people.root],
  ])('brings its budget back when %s signs', (_who, by) => {
    const fixture = ledgerFixture();
    fixture.recorder.write(givingBack(fixture, { by }));
    anotherWrit(fixture, { budget: fixture.above.writ.budget });
    expect(told(fixture)).toEqual([]);
  });

  test.each<readonly [string, Asked]>([
    ['by another key', { by: people.approver }],
    ['for another writ', { writ: someDigest('another') }],
    ['for another ledger', { ledger: someDigest('another') }],
  ])('keeps its budget when it is signed %s', (_what, asked) => {
    const fixture = ledgerFixture();
    fixture.recorder.write(givingBack(fixture, asked));
    expect(told(fixture)).toEqual(['writ.invalid at writ.closed']);
  });

  test('brings back exactly what is left, once', () => {
    const less = ledgerFixture();
    less.recorder.write(givingBack(less, {}, zeroAmounts));
    const twice = ledgerFixture();
    twice.recorder.write(givingBack(twice));
    const once = told(twice);
    twice.recorder.write(givingBack(twice));
    expect([told(less), once, told(twice)]).toEqual([
      ['writ.invalid at writ.closed'],
      [],
      ['writ.invalid at writ.closed'],
    ]);
  });

  test('has no cause on the ledger', () => {
    const fixture = ledgerFixture();
    const end = fixture.recorder.entries.at(-1)?.digest ?? null;
    fixture.recorder.write({ ...givingBack(fixture), cause: end });
    expect(told(fixture)).toContain('writ.invalid at writ.closed');
  });

  test('is not given back while a run acts under it, nor after', () => {
    const fixture = ledgerFixture();
    new RunStory(fixture).start();
    fixture.recorder.write(givingBack(fixture));
    const over = finished();
    over.recorder.write(givingBack(over));
    expect([told(fixture), told(over)]).toEqual([
      ['writ.invalid at writ.closed'],
      ['writ.invalid at writ.closed'],
    ]);
  });

  test('gives no authority to a run or a writ below it any more', () => {
    const fixture = ledgerFixture();
    fixture.recorder.write(givingBack(fixture));
    new RunStory(fixture).start();
    expect(told(fixture)).toEqual(['writ.invalid at run.started']);
  });
});

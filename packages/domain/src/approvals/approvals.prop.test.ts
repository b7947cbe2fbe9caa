import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import type { Channels } from '@chancery/kernel/channel';
import { sealBatch, type Draft, type Head } from '@chancery/kernel/ledger';
import { castVote } from '@chancery/kernel/quorum';
import { authority, someDigest } from '@chancery/testkit/builders';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { initialApproval, type Approval, type ApprovalCommand } from './model.ts';

const runs = cases(200);

const { trust, ledger, approvers, agent } = authority();
const action = someDigest('action');
const of = approvers.map(({ id }) => id);
const channels: Channels = new Map([
  ['lead', { name: 'lead', approvers: of, withinMs: 40, escalate: null }],
]);

/** What happens next, and how much later. */
interface Step {
  readonly laterMs: number;
  readonly what: 'grant' | 'deny' | 'expire' | 'escalate' | 'stale';
  readonly voter: number;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    laterMs: fc.integer({ min: 0, max: 25 }),
    what: fc.constantFrom('grant', 'grant', 'deny', 'expire', 'escalate', 'stale'),
    voter: fc.nat({ max: 2 }),
  }),
  { maxLength: 10 },
);

/** One approval as its ledger has it, and each state that it was in. */
class Scene {
  readonly states: Approval[] = [initialApproval];
  readonly first: string[] = [];
  private head: Head | null = null;
  private nowMs = 1_000;

  get state(): Approval {
    return this.states.at(-1) ?? initialApproval;
  }

  /** Whether something was recorded. */
  take(command: ApprovalCommand): boolean {
    const context = { trust, proposer: agent.id, nowMs: this.nowMs };
    const decided = decide(this.state, command, context);
    if (!decided.ok) return false;
    this.record(decided.value);
    return true;
  }

  step({ laterMs, what, voter }: Step): boolean {
    this.nowMs += laterMs;
    if (what === 'expire') return this.take({ type: 'expire' });
    if (what === 'escalate') return this.take({ type: 'escalate', channels });
    const { state } = this;
    const signer = approvers[voter] ?? approvers[0];
    if (state.phase === 'none') return false;
    const { channel, expiresAt } = state.request;
    // A stale vote was given when it was asked first.
    const request = what === 'stale' ? (this.first[0] ?? '') : state.requestDigest;
    const about = { ledger, action, request, channel, expiresAt, reason: '' };
    const vote = castVote({ ...about, vote: what === 'deny' ? 'deny' : 'grant' }, signer);
    return this.take({ type: 'vote', vote });
  }

  private record(drafts: readonly Draft[]): void {
    const [first] = drafts;
    if (first === undefined) return;
    const batchId = `b${this.states.length}`;
    const place = { ledger, by: agent.id, nowMs: this.nowMs, batchId };
    const heads = new Map([[first.stream, this.head]]);
    const sealed = sealBatch({ ...place, heads, drafts });
    if (!sealed.ok) throw new Error(sealed.refusal.message);
    for (const entry of sealed.value.entries) {
      this.head = { seq: entry.entry.seq, digest: entry.digest };
      if (entry.entry.kind === 'approval.requested') this.first.push(entry.digest);
      this.states.push(evolve(this.state, entry));
    }
  }
}

function asked(m: number): Scene {
  const scene = new Scene();
  const request = { run: 'run:x', action, channel: 'human', quorum: { m, of }, reason: '' };
  const escalate = { to: 'lead', at: 1_030 };
  scene.take({ type: 'request', request: { ...request, expiresAt: 1_060, escalate } });
  return scene;
}

const outcomeOf = (state: Approval) => (state.phase === 'resolved' ? state.outcome : undefined);

describe('an approval, whatever happens to it', () => {
  it('takes nothing more once it is answered, and is answered once', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 3 }), (all, m) => {
        const scene = asked(m);
        for (const step of all) {
          const before = scene.state;
          const isRecorded = scene.step(step);
          if (before.phase === 'resolved')
            expect([isRecorded, scene.state]).toEqual([false, before]);
        }
      }),
      runs,
    );
  });

  it('is granted only by as many votes on the request that is open, and never after a veto', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 3 }), (all, m) => {
        const scene = asked(m);
        let granting = new Set<number>();
        for (const step of all) {
          const { phase } = scene.state;
          const isFirst = scene.first.length === 1;
          const isRecorded = scene.step(step);
          if (phase !== 'open' || !isRecorded) continue;
          if (step.what === 'escalate') granting = new Set();
          const isVote = step.what === 'grant' || (step.what === 'stale' && isFirst);
          if (isVote) granting.add(step.voter);
          const outcome = outcomeOf(scene.state);
          expect(outcome === 'granted').toBe(isVote && granting.size >= m);
          expect(outcome === 'denied').toBe(step.what === 'deny');
        }
      }),
      runs,
    );
  });

  it('is asked on no more channels than there are, and keeps the first in mind', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const scene = asked(2);
        for (const step of all) scene.step(step);
        const { state } = scene;
        const seen = state.phase === 'none' ? [] : state.channels;
        expect(['human', 'human lead']).toContain(seen.join(' '));
      }),
      runs,
    );
  });
});

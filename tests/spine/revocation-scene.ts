import { MemoryStore } from '@chancery/adapters/store-memory';
import type { Digest } from '@chancery/kernel/encoding';
import type { Terms, ReadWrit } from '@chancery/kernel/writ';
import {
  clearControl,
  engageControl,
  revokeStanding,
  type Signatory,
} from '@chancery/runtime/authority';
import { submit, type Outcome } from '@chancery/runtime/broker';
import { authoriseUnder, issueStanding, startRun, type HeldRun } from '@chancery/runtime/drive';
import { houseOf, modelOf, poison, wideTerms, type TestHouse } from '@chancery/testkit/house';
import { deeds, Model, type Deed, type Scope, type Step } from './revocation-plan.ts';

/** What came of a step, and what the model says that has to. */
export interface Came {
  readonly step: Step;
  readonly was: unknown;
  readonly expected: unknown;
}

/** A house in which a plan is carried out, beside the model of it. */
export class RevocationScene {
  readonly model = new Model();
  readonly writs: ReadWrit[] = [];
  readonly held: HeldRun[] = [];
  readonly house: TestHouse;
  /** The writs that no run acts under, as places in `writs`. */
  private readonly standing = [0];
  private readonly controls: Digest[] = [];
  private readonly taken: () => number;
  private acts = 0;

  private constructor(house: TestHouse, root: ReadWrit, taken: () => number) {
    this.house = house;
    this.writs.push(root);
    this.taken = taken;
  }

  static async founded(): Promise<RevocationScene> {
    const capabilities = Object.entries(deeds).map(([name, effect]) => poison(name, effect));
    const house = await houseOf({ store: new MemoryStore(), capabilities });
    const parties = { issuer: house.owner, subject: house.actor.id, parent: null };
    const root = await issueStanding(house, { ...parties, terms: termsOf(house, 0) });
    if (!root.ok) throw new Error(root.refusal.message);
    return new RevocationScene(house, root.value, () =>
      capabilities.reduce((sum, { taken }) => sum + taken(), 0),
    );
  }

  /** Does one step; undefined where there is nothing yet that it could be done with. */
  async make(step: Step): Promise<Came | undefined> {
    switch (step.does) {
      case 'carve':
        return this.carve(step);
      case 'begin':
        return this.begin(step);
      case 'revoke':
        return this.revoke(step, step.writ % this.writs.length);
      case 'act':
        return this.held.length === 0 ? undefined : this.act(step, step.run % this.held.length);
      case 'race':
        return this.held.length === 0 ? undefined : this.race(step);
      case 'engage':
        return this.engage(step);
      case 'clear':
        return this.controls.length === 0 ? undefined : this.clear(step);
    }
  }

  private async carve(step: Step & { writ: number }): Promise<Came> {
    const { place, parent } = this.standingAt(step.writ);
    const { actor } = this.house;
    const expected = !this.model.isRevoked(place);
    const terms = termsOf(this.house, this.model.line(place).length);
    const carved = await issueStanding(this.house, {
      ...{ issuer: actor, subject: actor.id, parent, terms },
    });
    if (carved.ok) this.standing.push(this.grow(place, carved.value));
    return { step, was: carved.ok, expected };
  }

  private async begin(step: Step & { writ: number }): Promise<Came> {
    const { place, parent } = this.standingAt(step.writ);
    const expected = !this.model.isRevoked(place) && this.model.halts(place).length === 0;
    const terms = { ...termsOf(this.house, this.model.line(place).length), ...noDelegation };
    const authorised = await authoriseUnder(this.house, parent, terms);
    const held = authorised.ok
      ? await startRun(this.house, {
          ...{ task: 'a task', repository: '/memory', allowDirty: false, why: 'test' },
          ...{ model: modelOf([]), authorised: authorised.value, gates: [], readable: [] },
          ...{ protectedPaths: [], riskThreshold: 'critical', limits },
        })
      : authorised;
    if (held.ok && authorised.ok) {
      this.model.runs.push(this.grow(place, authorised.value.writ));
      this.held.push(held.value);
    }
    return { step, was: held.ok, expected };
  }

  private async revoke(step: Step, place: number): Promise<Came> {
    const writ = this.writs[place]?.id ?? '';
    const expected = !this.model.revoked.has(place);
    this.model.revoked.add(place);
    const revoked = await revokeStanding(this.signatory(), { writ, reason: 'test' });
    return { step, was: revoked.ok, expected };
  }

  private async act(step: Step & { deed: Deed }, run: number): Promise<Came> {
    const isAllowed = this.model.allows(run, step.deed);
    const before = this.taken();
    const outcome = await this.submitted(run, step.deed);
    return {
      step,
      was: [outcome.kind === 'committed', this.taken() - before],
      expected: [isAllowed, isAllowed ? 1 : 0],
    };
  }

  /** Acts while a writ is revoked: either may be first, and the ledger tells which. */
  private async race(step: Step & { does: 'race' }): Promise<Came> {
    const run = step.run % this.held.length;
    const isAllowed = this.model.allows(run, step.deed);
    const [outcome, came] = await Promise.all([
      this.submitted(run, step.deed),
      this.revoke(step, step.writ % this.writs.length),
    ]);
    const isFree = isAllowed && !this.model.allows(run, step.deed);
    const was = isFree ? isAllowed : outcome.kind === 'committed';
    return { step, was: [was, came.was], expected: [isAllowed, came.expected] };
  }

  private submitted(run: number, deed: Deed): Promise<Outcome> {
    const held = this.held[run];
    if (held === undefined) throw new Error('there is no such run');
    this.acts += 1;
    const intent = { kind: 'act', capability: deed, args: {}, rationale: '' };
    return submit(
      { ...held.driven.context, onEntry: () => undefined },
      {
        ...{ origin: 'human', turn: 0, callId: `c${this.acts}` },
        intent: { ...intent, nonce: `n${this.acts}` },
      },
    );
  }

  private async engage(step: Step & { does: 'engage' }): Promise<Came | undefined> {
    const of = step.on === 'run' ? this.runAt(step.of) : step.of % this.writs.length;
    if (of === undefined) return undefined;
    const what = this.scopeOf(step.on, of);
    const { mode } = step;
    const engaged = await engageControl(this.signatory(), { ...what, mode, reason: 'test' });
    if (engaged.ok) {
      this.model.controls.set(this.controls.length, { scope: step.on, of, mode });
      this.controls.push(engaged.value);
    }
    return { step, was: engaged.ok, expected: true };
  }

  private async clear(step: Step & { does: 'clear' }): Promise<Came> {
    const index = step.control % this.controls.length;
    const engaged = this.controls[index] ?? '';
    const expected = this.model.controls.delete(index);
    const cleared = await clearControl(this.signatory(), { engaged, reason: 'test' });
    return { step, was: cleared, expected: { ok: true, value: expected } };
  }

  private scopeOf(on: Scope, of: number) {
    if (on === 'all') return { scope: 'all', run: null } as const;
    if (on === 'writ') {
      return { scope: 'writ', run: null, writ: this.writs[of]?.id ?? '' } as const;
    }
    return { scope: 'run', run: this.runName(of) } as const;
  }

  runName(run: number): string {
    return this.held[run]?.driven.context.stream.slice('run:'.length) ?? '';
  }

  private runAt(index: number): number | undefined {
    return this.held.length === 0 ? undefined : index % this.held.length;
  }

  private grow(parent: number, writ: ReadWrit): number {
    this.model.parents.push(parent);
    this.writs.push(writ);
    return this.writs.length - 1;
  }

  private standingAt(index: number) {
    const place = this.standing[index % this.standing.length] ?? 0;
    const parent = this.writs[place];
    if (parent === undefined) throw new Error('there is no such writ');
    return { place, parent };
  }

  private signatory(): Signatory {
    const { store, ledger, clock, owner, authority } = this.house;
    return { store, ledger, clock, by: owner, authority };
  }
}

const noDelegation = { delegation: { depth: 0, children: 0 } };
const limits = { turns: 9, wallMs: 3_600_000, retries: 1, outputTokens: 9, approvalMs: 60_000 };

/** What a writ of this depth has: a thirtieth of the one above, so that many can be carved from each. */
function termsOf(house: TestHouse, depth: number): Terms {
  const amount = 30 ** (8 - depth);
  const budget = {
    ...{ tokens: amount, costMicrousd: amount, calls: amount },
    ...{ wallMs: amount, cpuMs: amount, bytesOut: amount },
  };
  return wideTerms(house, { budget, delegation: { depth: 8 - depth, children: 40 } });
}

import type { Digest, JsonObject } from '@chancery/kernel/encoding';
import type { Body } from '@chancery/kernel/ledger';
import { bundleDigest, narrowedDigest, type Bundle } from '@chancery/kernel/policy';
import { askTwo, type LedgerFixture } from './ledger-fixture.ts';
import { marksOf } from './run-drafts.ts';

/** What decides in a story, and how many it wants to approve what is done to a `package.json`. */
export class StoryPolicy {
  private readonly on: LedgerFixture;
  set: Digest;
  private quorum = 1;
  private own: Body<'proposal.staged'>['rules'] = [];

  constructor(on: LedgerFixture) {
    this.on = on;
    this.set = on.policySet;
  }

  /** Has a policy decide from here on that asks for two votes. */
  want(quorum: number): void {
    if (quorum === 1 || this.quorum > 1) return;
    this.set = askTwo(this.on);
    this.quorum = quorum;
  }

  /** The run has a policy of its own, whose one rule permits everything. */
  narrow(own: Bundle): void {
    this.set = narrowedDigest(this.set, [bundleDigest(own)]);
    this.own = Object.keys(own.policies.staticPolicies).map((id) => {
      return { id, level: 'run', effect: 'permit' } as const;
    });
  }

  /** The rules that matter of an action with these arguments. */
  marksOn({ path }: JsonObject): Body<'proposal.staged'>['rules'] {
    const isAsked = typeof path === 'string' && path.endsWith('package.json');
    return [...marksOf(isAsked ? this.quorum : 1), ...this.own];
  }
}

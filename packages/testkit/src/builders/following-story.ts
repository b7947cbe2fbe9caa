import { intentDigest } from '@chancery/kernel/compiler';
import type { Json, JsonObject, Signer } from '@chancery/kernel/encoding';
import type { Body } from '@chancery/kernel/ledger';
import { bundleDigest, signBundle, type Bundle } from '@chancery/kernel/policy';
import { someDigest } from './authority.ts';
import { people } from './ledger-fixture.ts';
import { runStart } from './run-drafts.ts';
import { momentOf } from './run-moment.ts';
import { RunStory } from './run-story.ts';

/** Arguments of the step of this number. */
export function undoArgs(index: number): JsonObject {
  return { path: 'src/sum.ts', content: `undone ${index}` };
}

interface Branching {
  readonly started?: Partial<Body<'run.started'>>;
  readonly branched?: Partial<Body<'run.branched'>>;
}

/** Writes the entries of a run that goes on from another, or undoes it, or has a policy of its own. */
export class FollowingStory extends RunStory {
  /** How the run begins that has a policy of its own, which permits everything. */
  narrowed(own: Bundle, by: Signer = people.agent): Partial<Body<'run.started'>> {
    this.policy.narrow(own);
    const envelope = this.kept(signBundle(own, by) as unknown as Json);
    return {
      policySetDigest: this.policy.set,
      policies: [{ bundle: bundleDigest(own), envelope }],
    };
  }

  /** The run begins at a moment of another one. */
  branch(
    source: string,
    seq: number,
    { started = {}, branched = {} }: Branching = {},
  ): Body<'run.branched'> {
    const moment = momentOf(this.on.recorder.entries, source, seq);
    const body = { ...moment.branched, ...branched };
    const { workspace, ...start } = runStart(this.on.policySet, this.writ);
    this.write(
      {
        kind: 'run.started',
        body: { ...start, workspace: { ...workspace, tree: moment.tree }, ...started },
      },
      { kind: 'run.branched', body },
    );
    return body;
  }

  /** The run is to undo what another did: each step by writing a file, for these entries of it. */
  plan(
    steps: readonly (readonly number[])[],
    lasting: Body<'compensation.planned'>['lasting'] = [],
  ): void {
    const planned = steps.map((commits, index) => {
      const args = this.kept(undoArgs(index));
      return { commits, capability: 'fs.write', args };
    });
    this.write({ kind: 'compensation.planned', body: { steps: planned, lasting } });
  }

  /** A step of the plan is done: the files are those that every run of a story begins with. */
  undo(index: number, commits: readonly number[], args: JsonObject = undoArgs(index)): void {
    const { proposed, staged } = this.stage('rollback', 'fs.write', args);
    const action = staged.body.actionDigest;
    this.write(proposed, staged, this.started(action));
    const { delta, ...body } = this.commitBody(action);
    const back = delta.map((each) => ({ ...each, value: someDigest('tree 0') }));
    this.write({ kind: 'commit', body: { ...body, delta: back, compensates: commits } });
  }

  /** Something is proposed by the plan that is no step of it. */
  propose(intent: Json): void {
    this.write({
      kind: 'intent.proposed',
      body: {
        ...{ origin: 'rollback', turn: 0, callId: 'c', nonce: null },
        ...{ digest: intentDigest(intent), intent: this.kept(intent) },
      },
    });
  }

  /** So many steps of the plan were done. */
  conclude(done: number, left: number): void {
    this.write({ kind: 'compensation.finished', body: { done, left } });
  }
}

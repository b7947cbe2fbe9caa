import { fsCapabilities } from '@chancery/adapters/capability-fs';
import { zeroAmounts } from '@chancery/kernel/account';
import type { RefusalCode } from '@chancery/kernel/refusal';
import { engageControl } from '@chancery/runtime/authority';
import { submit } from '@chancery/runtime/broker';
import { bundleOf, capabilityOf, MemoryWorkspace, rule } from '@chancery/testkit/house';
import { call, takenUp } from '../../spine/drive.ts';
import type { Case, Rows } from './row.ts';
import { momentThen, proposing, sceneOf, shown, signatoryOf, startedOn } from './scene.ts';

const sending = { kind: 'act', capability: 'send', args: {}, rationale: '', nonce: 'n' };

/** A case of an intent that is proposed by itself, outside a turn of a model, so many times. */
function submitting(name: string, code: RefusalCode, intent: object, times: number): Case {
  return {
    name,
    recorded: ['proposal.rejected'],
    run: async () => {
      const scene = await sceneOf();
      const { context } = (await startedOn(scene, [])).driven;
      const alone = { ...context, onEntry: () => undefined };
      const submission = { origin: 'human', turn: 0, callId: 'c', intent: { ...intent } } as const;
      for (let time = 1; time < times; time += 1) await submit(alone, submission);
      return shown(scene, code, () => submit(alone, submission));
    },
  };
}

/** A condition that reads what the context of a question does not have. */
const absent = { '.': { left: { Var: 'context' }, attr: 'nothing' } };

const costly = capabilityOf({
  name: 'cost',
  effect: 'external',
  estimate: { ...zeroAmounts, calls: 1_000 },
  execute: () => Promise.reject(new Error('there is no budget for it')),
});

const throwing = {
  ...capabilityOf({
    name: 'throw',
    effect: 'external',
    execute: () => Promise.reject(new Error('it was executed')),
  }),
  normalise: () => Promise.reject(new TypeError('no form')),
};

/** What the stages of the compiler refuse before a human is asked, in their order; writs apart. */
export const compilerRows: Rows = {
  'control.halted': {
    sort: 'action',
    cases: [
      proposing('an action under a lockdown', 'control.halted', {
        begun: (scene) =>
          engageControl(signatoryOf(scene), {
            ...{ scope: 'all', run: null, mode: 'lockdown', reason: 'test' },
          }),
        turns: [call('make')],
      }),
    ],
  },
  'intent.malformed': {
    sort: 'action',
    cases: [
      submitting('an intent that lacks a member', 'intent.malformed', { kind: 'act' }, 1),
      submitting('an unknown kind', 'intent.malformed', { ...sending, kind: 'destroy' }, 1),
    ],
  },
  'intent.replayed': {
    sort: 'action',
    cases: [submitting('an intent for the second time', 'intent.replayed', sending, 2)],
  },
  'capability.unknown': {
    sort: 'action',
    cases: [
      proposing('a capability that is not there', 'capability.unknown', { turns: [call('none')] }),
    ],
  },
  'capability.changed': {
    sort: 'action',
    cases: [
      proposing('a contract that another version has changed', 'capability.changed', {
        driven: ({ house }, held) => {
          const changed = house.capabilities.map((each) => ({
            ...each,
            contract: { ...each.contract, version: '2' },
          }));
          return takenUp({ ...house, capabilities: changed }, held);
        },
        turns: [call('make')],
      }),
    ],
  },
  'capability.broken': {
    sort: 'action',
    cases: [
      proposing('a capability that throws before it acts', 'capability.broken', {
        scene: { capabilities: [throwing] },
        turns: [call('throw')],
      }),
    ],
  },
  'args.invalid': {
    sort: 'action',
    cases: [
      proposing('arguments beyond the limit of the contract', 'args.invalid', {
        turns: [call('make', { text: 'x'.repeat(65_536) })],
      }),
    ],
  },
  'args.escapes': {
    sort: 'action',
    cases: [
      proposing('a path that leads out of the workspace', 'args.escapes', {
        scene: { capabilities: fsCapabilities },
        turns: [call('fs.write', { path: '../out.txt', text: 'out' })],
      }),
    ],
  },
  'args.secret': {
    sort: 'action',
    cases: [
      proposing('a literal secret', 'args.secret', {
        scene: { secrets: ['correct-horse-battery-staple'] },
        turns: [call('send', { text: 'it is correct-horse-battery-staple' })],
      }),
    ],
  },
  'routing.malformed': {
    sort: 'action',
    cases: [
      proposing('evidence of a router that is none', 'routing.malformed', {
        turns: [{ calls: [{ name: 'send', args: {}, routing: { serial: -1 } }] }],
      }),
    ],
  },
  'workspace.drifted': {
    sort: 'action',
    cases: [drifting()],
  },
  'budget.exhausted': {
    sort: 'action',
    cases: [
      proposing('an estimate that the writ does not cover', 'budget.exhausted', {
        scene: { capabilities: [costly] },
        terms: {
          budget: {
            ...{ tokens: 1_000_000, costMicrousd: 1_000_000, calls: 999 },
            ...{ wallMs: 1_000_000, cpuMs: 1_000_000, bytesOut: 1_000_000 },
          },
        },
        turns: [call('cost')],
      }),
    ],
  },
  'policy.denied': {
    sort: 'action',
    cases: [
      proposing('what a rule forbids', 'policy.denied', {
        scene: { bundle: bundleOf({ all: rule('permit'), no: rule('forbid', 'send') }) },
        turns: [call('send')],
      }),
      proposing('what no rule permits', 'policy.denied', {
        scene: { bundle: bundleOf({ look: rule('permit', 'look') }) },
        turns: [call('send')],
      }),
    ],
  },
  'policy.error': {
    sort: 'action',
    cases: [
      proposing('a rule that fails', 'policy.error', {
        scene: {
          bundle: bundleOf({
            all: rule('permit'),
            broken: { ...rule('forbid'), conditions: [{ kind: 'when', body: absent }] },
          }),
        },
        turns: [call('send')],
      }),
    ],
  },
};

/** Files that somebody else has changed since the run began. */
function drifting(): Case {
  const workspace = new MemoryWorkspace('r1');
  return proposing('files that somebody else has changed', 'workspace.drifted', {
    scene: { workspace: () => workspace },
    during: () => workspace.files.set('foreign.txt', 'from outside'),
    turns: [momentThen('make')],
  });
}

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { isSecretLabel, labelRemover } from '../compiler/index.ts';
import type { Entry } from '../ledger/index.ts';
import { Exposure } from './exposure.ts';

const action = fc.constantFrom('a', 'b', 'c');
const label = fc.constantFrom('secret:found', 'secret:agent:ada', 'untrusted:page');
const capability = fc.constantFrom(labelRemover, 'label.removed', 'fs.read');
const entry = (kind: string, body: object): Entry => ({ kind, body }) as unknown as Entry;

const entries = fc.array(
  fc.oneof(
    fc
      .record({ actionDigest: action, action: fc.record({ capability }), effects: fc.constant([]) })
      .map((body) => entry('proposal.staged', body)),
    fc
      .record({ actionDigest: action, action: fc.record({ capability }) })
      .map((body) => entry('proposal.suspended', body)),
    fc
      .record({ action, leases: fc.constantFrom([], [{ scope: 'agent:ada' }]) })
      .map((body) => entry('execution.started', body)),
    fc
      .record(
        { action, labels: fc.uniqueArray(label), unlabelled: label },
        { requiredKeys: ['action'] },
      )
      .chain((body) =>
        fc.constantFrom('commit', 'execution.failed').map((kind) => entry(kind, body)),
      ),
  ),
  { maxLength: 12 },
);

it('no label is gone but one of secrecy, by the commit of an action that waited to take it away', () => {
  fc.assert(
    fc.property(entries, (all) => {
      const exposure = new Exposure();
      const asked = new Set<string>();
      for (const each of all) {
        const before = exposure.labels;
        exposure.take(each);
        const gone = before.filter((had) => !exposure.labels.includes(had));
        if (each.kind === 'proposal.suspended' && each.body.action.capability === labelRemover) {
          asked.add(each.body.actionDigest);
        }
        if (gone.length === 0) continue;
        expect(each.kind).toBe('commit');
        if (each.kind !== 'commit') continue;
        expect(gone).toEqual([each.body.unlabelled]);
        expect(gone.every(isSecretLabel)).toBe(true);
        expect(asked).toContain(each.body.action);
      }
    }),
    cases(10_000),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ledgerFixture, momentOf, RunStory, someDigest } from '@chancery/testkit/builders';
import { cases } from '@chancery/testkit/properties';
import type { Json } from '../encoding/index.ts';
import type { Delta, Operation } from '../world/index.ts';
import { openRunState } from './run-state.ts';
import { WorldLog } from './world-log.ts';

const key = fc.constantFrom('workspace', 'savepoint:a', 'savepoint:b');
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.nat(5).map((n) => someDigest(`tree ${n}`)),
  fc.constantFrom('no digest', 7, null, { a: 1 }),
);
const changes = fc.array(fc.array(fc.tuple(key, value, fc.boolean()), { maxLength: 3 }), {
  maxLength: 6,
});

/** Operations that fit upon these versions, which they advance. */
function deltaOf(
  wanted: readonly (readonly [string, Json, boolean])[],
  versions: Map<string, number>,
  clock: { at: number },
): Delta {
  return wanted.flatMap(([name, put, removes]): Operation[] => {
    const expect = versions.get(name) ?? 0;
    if (removes && (expect === 0 || name === 'workspace')) return [];
    clock.at += 1;
    versions.set(name, removes ? 0 : clock.at);
    return [
      removes ? { op: 'delete', key: name, expect } : { op: 'put', key: name, value: put, expect },
    ];
  });
}

test('gives the world that a run had after any of its entries', () => {
  fc.assert(
    fc.property(changes, (all) => {
      const versions = new Map([['workspace', 1]]);
      const clock = { at: 1 };
      const queue = all.map((wanted) => deltaOf(wanted, versions, clock));
      const fixture = ledgerFixture({
        edit: (drafts) =>
          drafts.map((draft) =>
            draft.kind === 'commit'
              ? { ...draft, body: { ...draft.body, delta: queue.shift() ?? [] } }
              : draft,
          ),
      });
      const story = new RunStory(fixture);
      story.start();
      all.forEach(() => story.act());
      const log = new WorldLog();
      const state = openRunState(story.stream);
      for (const sealed of fixture.recorder.entries) {
        if (sealed.entry.stream !== story.stream) continue;
        state.advance(sealed);
        log.take(sealed.entry, sealed.digest);
        expect(log.at(sealed.entry.seq)?.world).toEqual(state.world);
      }
      const last = state.head?.seq ?? 0;
      expect(log.at(-1)).toBeUndefined();
      expect(log.at(last + 10)?.world).toEqual(state.world);
      expect(momentOf(fixture.recorder.entries, story.stream, 0).branched.entry).toBe(
        fixture.recorder.entries.find(({ entry }) => entry.stream === story.stream)?.digest,
      );
    }),
    cases(100),
  );
});

import {
  ledgerFixture,
  people,
  runMoments,
  stateOf,
  writeMoments,
} from '@chancery/testkit/builders';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import type { Json } from '../encoding/index.ts';
import { readRunState, runStateJson } from './run-state-json.ts';
import { openRunState, resumeRunState } from './run-state.ts';
import { openSnapshot, takeSnapshot } from './snapshot.ts';

const stories = fc.array(fc.constantFrom(...runMoments), { maxLength: 8 });
const isTrusted = (key: string): boolean => key === people.agent.id;

describe('a snapshot of a run', () => {
  test('and what follows it give what all entries give, wherever it was taken', () => {
    fc.assert(
      fc.property(stories, fc.boolean(), (moments, ends) => {
        const fixture = ledgerFixture();
        writeMoments(fixture, moments, { ends });
        const { recorder, ledger } = fixture;
        const entries = recorder.entries.filter(({ entry }) => entry.stream === 'run:r1');
        const whole = runStateJson(stateOf(entries));
        for (let cut = 1; cut <= entries.length; cut += 1) {
          const { body, blob } = takeSnapshot(stateOf(entries.slice(0, cut)), {
            ...{ ledger, after: ledger },
            by: people.agent,
          });
          const opened = openSnapshot(blob.bytes, { body, prev: ledger }, { ledger, isTrusted });
          if (!opened.ok) throw new Error(opened.refusal.message);
          const resumed = resumeRunState(opened.value);
          for (const sealed of entries.slice(cut)) resumed.advance(sealed);
          expect(runStateJson(resumed)).toEqual(whole);
        }
      }),
      cases(40),
    );
  });

  test('keeps every cell of its world, whatever its key', () => {
    const keys = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('__proto__'));
    const values = fc.oneof(fc.integer(), fc.boolean(), fc.string({ unit: 'grapheme' }));
    const cells = fc.array(fc.tuple(keys, fc.record({ version: fc.nat(), value: values })));
    fc.assert(
      fc.property(fc.nat(), cells, (clock, all) => {
        const world = { clock, cells: new Map<string, { version: number; value: Json }>(all) };
        const facts = { ...openRunState('run:r1'), world };
        expect(readRunState(runStateJson(facts))?.world).toEqual(world);
      }),
      cases(100),
    );
  });

  test('is not changed by what is folded upon it', () => {
    const fixture = ledgerFixture();
    writeMoments(fixture, ['acts', 'is held', 'is cut off', 'acts']);
    const entries = fixture.recorder.entries.filter(({ entry }) => entry.stream === 'run:r1');
    const facts = readRunState(runStateJson(stateOf(entries.slice(0, 6))));
    if (facts === undefined) throw new Error('the state is read');
    const before = runStateJson(facts);
    const resumed = resumeRunState(facts);
    for (const sealed of entries.slice(6)) resumed.advance(sealed);
    expect(runStateJson(facts)).toEqual(before);
  });
});

import { describe, expect, test } from 'vitest';
import { ledgerFixture, people, told, writeRun } from '@chancery/testkit/builders';
import { originOf, signCheckpoint } from '../tree/index.ts';

/** What is found when a checkpoint of so many entries, signed by somebody, is said to be published. */
function toldOf(size: number, by = people.agent, of?: string): readonly string[] {
  const fixture = ledgerFixture();
  writeRun(fixture);
  const { recorder, ledger } = fixture;
  const head = { origin: originOf(of ?? ledger), size, root: 'b'.repeat(64), heads: undefined };
  const body = { place: 'file:/elsewhere', note: signCheckpoint(head, [by]) };
  recorder.write({ stream: 'anchor', kind: 'anchor.published', body });
  return told(fixture);
}

describe('a checkpoint that is recorded as published', () => {
  test('is one that the runtime has signed, of entries that were here', () => {
    expect(toldOf(5)).toEqual([]);
  });

  test('is misstated when it covers more than there was', () => {
    expect(toldOf(1_000)).toEqual(['anchor.misstated at anchor.published']);
  });

  test('is misstated when another has signed it, or when it is of another ledger', () => {
    expect(toldOf(5, people.approver)).toEqual(['anchor.misstated at anchor.published']);
    expect(toldOf(5, people.agent, 'c'.repeat(64))).toEqual([
      'anchor.misstated at anchor.published',
    ]);
  });
});

import { people } from '@chancery/testkit/builders';
import { expect, test } from 'vitest';
import { originOf, signCheckpoint } from '../tree/index.ts';
import { lostAt, type PublishedRecord } from './index.ts';

const place = 'file:/elsewhere';

const noteOf = (size: number, by = people.agent): string =>
  signCheckpoint(
    { origin: originOf('a'.repeat(64)), size, root: 'b'.repeat(64), heads: undefined },
    [by],
  );

const recordAt = (seq: number, note: string, where = place): PublishedRecord => ({
  at: { stream: 'anchor', seq, position: 100 + seq },
  place: where,
  note,
});

const records = [recordAt(0, noteOf(5)), recordAt(1, noteOf(9)), recordAt(2, noteOf(9), 'git:/x')];

test('a place that keeps all that was published there has lost nothing', () => {
  expect(lostAt(place, [noteOf(9), noteOf(5), noteOf(7)], records)).toEqual([]);
  expect(lostAt('file:/nobody/knows', [], records)).toEqual([]);
});

test('a place that keeps it with other signatures has lost nothing', () => {
  const [five, nine] = [noteOf(5), noteOf(9, people.deputy)];
  expect(lostAt(place, [five, nine], records)).toEqual([]);
});

test('what a place keeps no longer is told by the entry that says so', () => {
  expect(lostAt(place, [noteOf(5)], records)).toEqual([
    {
      severity: 'tampered',
      code: 'anchor.lost',
      ...{ stream: 'anchor', seq: 1, position: 101 },
      message: `${place} no longer keeps the checkpoint of 9 entries`,
    },
  ]);
  expect(lostAt(place, [], records).map(({ seq }) => seq)).toEqual([0, 1]);
});

test('a record that is no note is left to verification', () => {
  expect(lostAt(place, [], [recordAt(0, 'nothing'), recordAt(1, '')])).toEqual([]);
});

import { ledgerFixture, writeRun } from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { canonicalText } from '../encoding/index.ts';
import { Fault } from '../refusal/index.ts';
import { openEntry, readEntry } from './open.ts';

const fixture = ledgerFixture();
writeRun(fixture);
const { entries, stored } = fixture.recorder;
const last = stored.findLast(({ stream }) => stream === 'run:r1');

function changed(edit: (entry: Record<string, unknown>) => object) {
  if (last === undefined) throw new Fault('the fixture has a run');
  const entry = JSON.parse(last.text) as Record<string, unknown>;
  const { stream, seq } = last;
  return readEntry({ stream, seq, text: canonicalText(edit(entry)) });
}

describe('openEntry', () => {
  test('gives back what was sealed, for every entry of a ledger', () => {
    expect(stored.map(openEntry)).toEqual(entries);
  });

  test('throws a fault that names stream and seq', () => {
    expect(() => openEntry({ stream: 'run:r9', seq: 4, text: '{}' })).toThrow(
      new Fault('entry 4 of run:r9: the entry: /v is missing'),
    );
  });
});

describe('readEntry', () => {
  test.each<readonly [string, (entry: Record<string, unknown>) => object]>([
    ['another version of the envelope', (entry) => ({ ...entry, v: 2 })],
    ['another stream than the row', (entry) => ({ ...entry, stream: 'run:r2' })],
    ['another seq than the row', (entry) => ({ ...entry, seq: 0 })],
    ['a member too many', (entry) => ({ ...entry, note: '' })],
    ['a batch mark of another shape', (entry) => ({ ...entry, batch: [] })],
    ['a body of another kind', (entry) => ({ ...entry, kind: 'turn.started' })],
    ['a kind that lives elsewhere', (entry) => ({ ...entry, kind: 'ledger.created' })],
    ['no prev', (entry) => ({ ...entry, prev: null })],
    ['a time with a fraction', (entry) => ({ ...entry, at: 0.5 })],
  ])('refuses %s', (_what, edit) => {
    const read = changed(edit);
    expect(read.ok ? undefined : read.refusal.code).toBe('entry.invalid');
  });

  test('refuses a kind that is not in the catalogue', () => {
    const read = changed((entry) => ({ ...entry, kind: 'run.imagined' }));
    expect(read.ok ? undefined : read.refusal.code).toBe('entry.unknown-kind');
  });

  test.each([
    ['a blank', (text: string) => text.replace(':', ': ')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['text after it', (text: string) => `${text} `],
    ['a repeated member', (text: string) => text.replace('{', '{"at":1,')],
    ['members in another order', (text: string) => `{"v":1,${text.slice(1).replace(',"v":1', '')}`],
    ['an escape that JCS does not write', (text: string) => text.replace('run:r1', 'run:\\u00721')],
  ])('refuses %s: the form is not canonical', (_what, edit) => {
    const { stream = '', seq = 0, text = '' } = last ?? {};
    const read = readEntry({ stream, seq, text: edit(text) });
    expect(read.ok ? undefined : read.refusal.message).toBe('the text is not canonical JSON');
  });
});

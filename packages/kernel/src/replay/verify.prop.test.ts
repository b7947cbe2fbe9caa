import { anotherWrit, ledgerFixture, writeRun } from '@chancery/testkit/builders';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import type { StoredEntry } from '../ledger/index.ts';
import { verifyLedger } from './verify.ts';

const fixture = ledgerFixture();
writeRun(fixture, 'r1');
writeRun(fixture, 'r2', anotherWrit(fixture));
const { ledger, recorder } = fixture;
const { stored, heads } = recorder;

function flipped(row: StoredEntry, at: number, mask: number): StoredEntry {
  const bytes = new TextEncoder().encode(row.text);
  const index = at % bytes.length;
  bytes[index] = (bytes[index] ?? 0) ^ mask;
  return { ...row, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
}

describe('a ledger in which one byte was flipped', () => {
  test('is tampered with, and the entry is named first', () => {
    const places = fc.nat({ max: stored.length - 1 });
    const masks = fc.integer({ min: 1, max: 255 });
    fc.assert(
      fc.property(places, fc.nat({ max: 4_000 }), masks, (position, at, mask) => {
        const rows = stored.map((row) =>
          row.position === position ? flipped(row, at, mask) : row,
        );
        const { ok, findings } = verifyLedger(ledger, [rows], heads);
        expect({ ok, named: findings[0]?.position }).toEqual({ ok: false, named: position });
      }),
      cases(500),
    );
  });

  test('in each digit and letter that leaves the entry readable, is found all the same', () => {
    for (const row of stored) {
      for (const [, value] of row.text.matchAll(/:"?([0-9a-z]{2,})"?[,}]/g)) {
        if (value === undefined || /^(true|false|null)$/.test(value)) continue;
        const last = value.at(-1) === '1' ? '2' : '1';
        const text = row.text.replace(value, value.slice(0, -1) + last);
        const rows = stored.map((each) => (each === row ? { ...row, text } : each));
        const { ok, findings } = verifyLedger(ledger, [rows], heads);
        expect({ ok, named: findings[0]?.position }).toEqual({ ok: false, named: row.position });
      }
    }
  });
});

describe('a ledger in which any two entries were changed', () => {
  test('names the first of them, or one that follows it', () => {
    const pairs = fc.uniqueArray(fc.nat({ max: stored.length - 1 }), {
      minLength: 2,
      maxLength: 2,
    });
    fc.assert(
      fc.property(pairs, fc.nat({ max: 4_000 }), (pair, at) => {
        const rows = stored.map((row) => (pair.includes(row.position) ? flipped(row, at, 1) : row));
        const { ok, findings } = verifyLedger(ledger, [rows], heads);
        const named = findings.filter(({ position }) => pair.includes(position));
        expect({ ok, some: named.length > 0 }).toEqual({ ok: false, some: true });
      }),
      cases(150),
    );
  });
});

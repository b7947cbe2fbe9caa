import {
  anotherPolicy,
  ledgerFixture,
  people,
  writeRun,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import type { Signer } from '../encoding/index.ts';
import { readEntry } from '../ledger/index.ts';
import { compromiseKey } from '../writ/index.ts';
import { CompromiseForecast } from './compromise-forecast.ts';
import { verifyLedger } from './verify.ts';

function forecastOf({ recorder }: LedgerFixture, key: Signer, fromSize: number) {
  const forecast = new CompromiseForecast();
  for (const stored of recorder.stored) {
    const read = readEntry(stored);
    if (read.ok) forecast.take(read.value);
  }
  return forecast.of(key.id, fromSize);
}

function toldAfter({ recorder, ledger }: LedgerFixture, key: Signer, fromSize: number) {
  const named = { ledger, key: key.id, earlier: 1, fromSize, reason: 'lost' };
  const envelope = compromiseKey({ ...named, roots: [people.root] });
  recorder.write({ stream: 'ledger', kind: 'key.compromised', body: { envelope } });
  const { findings } = verifyLedger(ledger, [recorder.stored], recorder.heads);
  return findings.filter(({ code }) => code === 'key.compromised');
}

function written(): LedgerFixture {
  const fixture = ledgerFixture();
  writeRun(fixture);
  anotherPolicy(fixture);
  return fixture;
}

describe('what is told before a key is said to be compromised', () => {
  const keys = ['issuer', 'approver', 'deputy', 'legislator', 'agent'] as const;
  const size = written().recorder.entries.length;

  test.each(keys)('is what is told afterwards, from every size on: %s', (name) => {
    let most = 0;
    for (let fromSize = 1; fromSize <= size; fromSize += 1) {
      const fixture = written();
      const foretold = forecastOf(fixture, people[name], fromSize);
      const told = toldAfter(fixture, people[name], fromSize);
      const { entries } = fixture.recorder;
      expect(foretold.map(({ position, message }) => ({ position, message }))).toEqual(
        told.map(({ position, message }) => ({ position, message })),
      );
      expect(foretold.map(({ kind }) => kind)).toEqual(
        foretold.map(({ position }) => entries[position]?.entry.kind),
      );
      most = Math.max(most, foretold.length);
    }
    expect(most > 0).toBe(name !== 'deputy');
  });

  test('tells what the key has signed from what stands on that', () => {
    const signed = forecastOf(written(), people.issuer, 1).filter((each) => each.signed);
    expect(signed.map(({ kind }) => kind)).toEqual(['writ.issued']);
  });
});

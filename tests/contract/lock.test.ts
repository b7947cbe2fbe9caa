import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { recordText } from '@chancery/kernel/encoding';
import { catalogueDigest } from '@chancery/kernel/ledger';
import { refusalCodes } from '@chancery/kernel/refusal';
import { jsonLines } from '../../apps/cli/src/json-lines.ts';

const lock = path.resolve(import.meta.dirname, '../../contract.lock');

function digestOf(value: unknown): string {
  return createHash('sha256').update(recordText(value)).digest('hex');
}

const printed = Object.entries(jsonLines).map(([type, { commands, schema }]) => {
  return [type, { commands, schema }] as const;
});

const ends = Object.entries(refusalCodes).map(([code, { exit, retryable }]) => {
  return [code, { exit, retryable }] as const;
});

/**
 * The contract is compatibility. A kind, a line or an optional field that is added needs the new
 * digest in `contract.lock`, and that of the last release's catalogue among those that the catalogue
 * extends; what is changed or removed needs a decision record that names it first.
 */
it.each([
  ['catalogue', catalogueDigest],
  ['json-lines', digestOf(Object.fromEntries(printed))],
  ['refusals', digestOf(Object.fromEntries(ends))],
])('the %s of the contract are those that `contract.lock` pins', (name, digest) => {
  const pinned = readFileSync(lock, 'utf8').split('\n');
  expect(pinned.find((line) => line.startsWith(`${name} `))).toBe(`${name} ${digest}`);
});

it('`contract.lock` pins nothing else', () => {
  const names = readFileSync(lock, 'utf8').trimEnd().split('\n');
  expect(names.map((line) => line.split(' ')[0])).toEqual(['catalogue', 'json-lines', 'refusals']);
});

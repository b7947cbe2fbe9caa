import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { catalogueDigest } from '@chancery/kernel/ledger';

const lock = path.resolve(import.meta.dirname, '../../contract.lock');

/**
 * The contract is compatibility. A kind or an optional field that is added needs the new digest in
 * `contract.lock`; what is changed or removed needs a decision record that names it first.
 */
it('the catalogue of kinds is the one that `contract.lock` pins', () => {
  expect(readFileSync(lock, 'utf8')).toBe(`catalogue ${catalogueDigest}\n`);
});

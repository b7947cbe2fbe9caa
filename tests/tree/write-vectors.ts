import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { vectors, vectorText } from './cases/index.ts';

/*
 * node scripts/setup.mjs tests/tree/write-vectors.ts
 *
 * Wrote tests/vectors/tree. Others may rely on what is there: run it to add cases, and see that git
 * shows no other change.
 */

const folder = path.resolve(import.meta.dirname, '../vectors/tree');

for (const file of Object.keys(vectors) as (keyof typeof vectors)[]) {
  writeFileSync(path.join(folder, file), vectorText(file));
}

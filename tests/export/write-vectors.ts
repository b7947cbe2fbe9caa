import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { vectors } from './vectors.ts';

/*
 * node scripts/setup.mjs tests/export/write-vectors.ts
 *
 * Wrote tests/vectors/export. They change when kinds do, and the form of an export with its version only.
 */

const folder = path.resolve(import.meta.dirname, '../vectors/export');

for (const [file, text] of Object.entries(vectors)) writeFileSync(path.join(folder, file), text);

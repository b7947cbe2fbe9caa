import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkersFile, checkersText } from './generate/checkers.ts';
import { referencePages } from './generate/reference.ts';

const root = path.resolve(import.meta.dirname, '..');

writeFileSync(path.join(root, checkersFile), checkersText());
for (const { file, text } of await referencePages()) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkersFile, checkersText } from './generate/checkers.ts';
import { readersFile, readersText } from './generate/readers.ts';
import { referencePages } from './generate/reference.ts';
import { textsFile, textsText } from './generate/texts.ts';

const root = path.resolve(import.meta.dirname, '..');

writeFileSync(path.join(root, checkersFile), checkersText());
writeFileSync(path.join(root, readersFile), readersText());
writeFileSync(path.join(root, textsFile), textsText());
for (const { file, text } of await referencePages()) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

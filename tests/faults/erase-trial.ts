import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { subjectKeys } from '@chancery/adapters/keys-file';
import type { FaultyDisk } from './faulty-disk.ts';
import type { Blow, Trial } from './job.ts';

const content = new TextEncoder().encode('a word that only Ada knows');

/**
 * Lets a fault befall the key of a subject, which is made, used and destroyed; then, without faults,
 * looks: what it sealed can be opened as long as nobody was told to destroy it, and once that was said
 * to be done nothing of the key is there, whatever was cut. Destroyed once more, it is gone.
 */
export async function tryErase(disk: FaultyDisk, { kind, at, ending }: Blow): Promise<Trial> {
  disk.renew();
  const folder = join(disk.folder, 'subjects');
  const refused: string[] = [];
  disk.arm(kind, at);
  const made = subjectKeys(folder).ensure('ada@example.org');
  const sealed = made.ok ? subjectKeys(folder).seal(made.value, content) : made;
  const destroyed = sealed.ok && made.ok ? subjectKeys(folder).destroy(made.value) : sealed;
  if (!destroyed.ok) refused.push(destroyed.refusal.code);
  const struck = disk.struck();
  disk.end(ending);
  const wrong: string[] = [];
  if (made.ok) {
    const file = join(folder, `${made.value}.subject.json`);
    if (destroyed.ok && existsSync(file)) wrong.push('what was destroyed is there');
    const isAsked = sealed.ok;
    if (!isAsked && !isWhole(file)) wrong.push('a key that was given is not there');
    const again = subjectKeys(folder).destroy(made.value);
    if (!again.ok) wrong.push(`it cannot be destroyed: ${again.refusal.code}`);
    disk.cutPower('nothing');
    if (existsSync(file)) wrong.push('it is there again');
    const opened = sealed.ok ? subjectKeys(folder).open(made.value, sealed.value) : undefined;
    if (opened?.ok === true) wrong.push('what was sealed can be opened');
  }
  wrong.push(...(await anew(folder)));
  return { refused, wrong, struck };
}

function isWhole(file: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').endsWith('}\n');
}

/** Whether the folder takes another key, which opens what it has sealed. */
async function anew(folder: string): Promise<readonly string[]> {
  const keys = subjectKeys(folder);
  const made = keys.ensure('bob@example.org');
  if (!made.ok) return [`no other key is made: ${made.refusal.code}`];
  const sealed = keys.seal(made.value, content);
  const opened = sealed.ok ? keys.open(made.value, sealed.value) : sealed;
  return opened.ok && isDeepStrictEqual(Buffer.from(opened.value), Buffer.from(content))
    ? []
    : ['another key does not open what it has sealed'];
}

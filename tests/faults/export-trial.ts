import { existsSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { missingBytes, readBegun } from '@chancery/runtime/transfer';
import { openExportFile } from '../../apps/cli/src/evidence/export-file.ts';
import type { FaultyDisk } from './faulty-disk.ts';
import type { Exported } from './import-trial.ts';
import type { Blow, Trial } from './job.ts';
import { loudness } from './loudness.ts';

/**
 * Lets a fault befall an export that is written into a file; then, without faults, the same export goes
 * on: all of it is there after a power cut, byte for byte. One that was said to be whole is whole. Where
 * a disk has written what it was given out of order, the export is refused, and is written anew.
 */
export async function tryExport(
  { text }: Exported,
  disk: FaultyDisk,
  { kind, at, ending }: Blow,
): Promise<Trial> {
  disk.renew();
  const path = join(disk.folder, 'ledger.chancery');
  const refused: string[] = [];
  disk.arm(kind, at);
  const isSaid = await write(path, text, refused);
  const struck = disk.struck();
  disk.end(ending);
  const wrong: string[] = [];
  if (isSaid && contentOf(path) !== text) wrong.push('an export that was whole is not');
  const later: string[] = [];
  if (!(await write(path, text, later))) {
    const isTold = !isSaid && ending === 'every-other' && later[0] === 'export.invalid';
    if (!isTold) wrong.push(`it does not go on: ${later.join()}`);
    unlinkSync(path);
    if (!(await write(path, text, later))) wrong.push(`it is not written anew: ${later.join()}`);
  }
  disk.cutPower('nothing');
  if (contentOf(path) !== text) wrong.push('other bytes');
  return { refused, wrong, struck };
}

/** Some lines at a time, as the command writes them. */
const linesAtOnce = 8;

async function* piecesOf(text: string): AsyncGenerator<string> {
  const lines = text.split(/(?<=\n)/);
  for (let at = 0; at < lines.length; at += linesAtOnce) {
    yield lines.slice(at, at + linesAtOnce).join('');
  }
}

/** Whether it says that all is on disk. Adds what is missing of an export that was begun. */
async function write(path: string, text: string, refused: string[]): Promise<boolean> {
  try {
    const file = await openExportFile(path, 'a+');
    try {
      const { isWhole } = await readBegun(file);
      const missing = isWhole ? [] : missingBytes(file, 0, piecesOf(text));
      for await (const bytes of missing) await file.append(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    refused.push(loudness(error));
    return false;
  }
}

function contentOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

import { rmSync, writeFileSync } from 'node:fs';
import { envelopeOf, parseRecord } from '@chancery/kernel/encoding';
import { refused, type Result } from '@chancery/kernel/refusal';
import { readWrit, type ReadWrit } from '@chancery/kernel/writ';
import { systemCodeOf } from '../exit.ts';
import { readText } from '../text-file.ts';

/** Many times what a writ takes. */
const maxChars = 1_000_000;

/** A writ as its envelope, in JSON. Refuses `writ.void`, `usage.invalid`. */
export function loadWrit(file: string): Result<ReadWrit> {
  const read = readText(file);
  if (!read.ok) {
    return refused('usage.invalid', `the writ ${read.refusal.message}`, {
      remedy: 'Name a file that `chancery writ issue` has made.',
    });
  }
  const text = read.value;
  if (text.length > maxChars) return refused('writ.void', `${file} is too large for a writ`);
  const parsed = parseRecord(text.trim());
  if (!parsed.ok) return refused('writ.void', `${file}: ${parsed.refusal.message}`);
  const envelope = envelopeOf(parsed.value);
  return envelope === undefined
    ? refused('writ.void', `${file} holds no envelope of a writ`)
    : readWrit(envelope);
}

/**
 * Has a writ issued into a new file, which is made before and is gone again when nothing is issued:
 * no writ is recorded that could not be kept. Refuses `usage.invalid` where the file cannot be made,
 * or exists.
 */
export async function intoNewFile(
  file: string,
  issue: () => Promise<Result<ReadWrit>>,
): Promise<Result<ReadWrit>> {
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    return refused('usage.invalid', `the writ cannot be written to ${file} (${code})`, {
      remedy: 'Name a file that is not there yet, in a folder that is.',
    });
  }
  let issued = false;
  try {
    const writ = await issue();
    if (writ.ok) writeFileSync(file, `${JSON.stringify(writ.value.envelope)}\n`, { flush: true });
    issued = writ.ok;
    return writ;
  } finally {
    if (!issued) rmSync(file, { force: true });
  }
}

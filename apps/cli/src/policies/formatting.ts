import { writeFileSync } from 'node:fs';
import { formatted } from '../compose/policies.ts';
import { exitCodes } from '../exit.ts';
import type { CommonFlags, Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { textIn } from '../text-file.ts';
import { ofFile } from './source.ts';

export interface FormatFlags extends CommonFlags {
  /** Write nothing; fail where something would be written. */
  readonly check?: boolean;
}

/** Brings policies in files into their canonical layout. All are read before the first is written. */
export async function format(
  { terminal, json }: Session,
  files: readonly string[],
  { check = false }: FormatFlags,
): Promise<number> {
  const done: { readonly file: string; readonly text: string; readonly changed: boolean }[] = [];
  for (const file of files) {
    const before = textIn(file);
    const text = ofFile(file, await formatted(before));
    done.push({ file, text, changed: text !== before });
  }
  for (const { file, text, changed } of done) {
    if (changed && !check) writeFileSync(file, text);
    if (json)
      terminal.json({ type: 'policy-formatted', file, changed, written: changed && !check });
    else if (changed) terminal.line(`${visible(file)} ${check ? 'would change' : 'was formatted'}`);
  }
  return check && done.some(({ changed }) => changed) ? exitCodes.failed : exitCodes.ok;
}

import { shippedManifestsOf } from '../compose/declared.ts';
import { exitCodes, refuse } from '../exit.ts';
import { ownName } from '../own-name.ts';
import type { CommonFlags, Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { writeNewText } from '../text-file.ts';
import { manifestText } from './file.ts';

export interface StartFlags extends CommonFlags {
  readonly like: string;
}

/** Writes a manifest to begin with into a new file. */
export async function start(
  { terminal, json, env }: Session,
  file: string,
  { like }: StartFlags,
): Promise<number> {
  const shipped = await shippedManifestsOf();
  const manifest =
    shipped.get(like) ??
    refuse('usage.invalid', `--like: there is no ${visible(like)}`, {
      remedy: `Name one of these: ${[...shipped.keys()].join(', ')}.`,
    });
  writeNewText(file, manifestText(manifest));
  const { name } = manifest;
  if (json) terminal.json({ type: 'capability-file', file, name });
  else {
    terminal.line(`${visible(file)} is written: ${name}.`);
    terminal.line(`Change it, then: ${ownName(env)} capability lint ${visible(file)}`);
  }
  return exitCodes.ok;
}

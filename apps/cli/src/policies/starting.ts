import { policyStarters } from '../compose/policies.ts';
import { exitCodes, refuse } from '../exit.ts';
import { ownName } from '../own-name.ts';
import type { CommonFlags, Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { writeNewText } from '../text-file.ts';

export interface StartFlags extends CommonFlags {
  readonly from: string;
}

/** Writes a commented policy to begin with into a new file. */
export async function start(
  { terminal, json, env }: Session,
  file: string,
  { from }: StartFlags,
): Promise<number> {
  const starters = await policyStarters();
  const found = starters.find(({ name }) => name === from);
  if (found === undefined) {
    const names = starters.map(({ name }) => name).join(', ');
    return refuse('usage.invalid', `there is no policy ${JSON.stringify(from)} to begin with`, {
      remedy: `Say --from with one of: ${names}.`,
    });
  }
  writeNewText(file, found.text());
  const { name, level } = found;
  if (json) {
    terminal.json({ type: 'policy-started', file, from: name, level });
    return exitCodes.ok;
  }
  terminal.line(`${visible(file)} is written, for the level ${level}.`);
  terminal.line(`Change it, then: ${ownName(env)} policy check ${visible(file)} --level ${level}`);
  return exitCodes.ok;
}

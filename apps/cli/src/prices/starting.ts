import { listPrices } from '@chancery/runtime/cognition';
import { exitCodes } from '../exit.ts';
import { ownName } from '../own-name.ts';
import type { Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { writeNewText } from '../text-file.ts';
import { priceFileText } from './file.ts';

/** Writes a price table to begin with into a new file: what is built in. */
export function start({ terminal, json, env }: Session, file: string): number {
  const sources = [...new Set(listPrices.map(({ source }) => source))];
  const models = listPrices.toSorted((a, b) => (a.model < b.model ? -1 : 1));
  writeNewText(file, priceFileText({ source: sources.join('; '), models, fallback: null }));
  if (json) terminal.json({ type: 'price-template', file, models: models.length });
  else {
    terminal.line(`${visible(file)} is written: ${models.length} models, as they are built in.`);
    terminal.line(`Change it, then: ${ownName(env)} prices check ${visible(file)}`);
  }
  return exitCodes.ok;
}

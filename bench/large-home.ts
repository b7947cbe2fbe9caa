import { join } from 'node:path';
import { integrate } from '@chancery/runtime/transparency';
import { tilesOf } from '../apps/cli/src/compose/log.ts';
import { makeHome } from '../apps/cli/src/home-folder.ts';
import { homeIn, writeConfig, type Home } from '../apps/cli/src/home.ts';
import { governedHouse, governedLane, takeTurn, type Lane } from './governed-house.ts';

/** A home with a ledger of runs that never end, and a checkpoint of all of it. */
export interface LargeHome {
  readonly home: Home;
  readonly entries: number;
  /** Entries that were written a second. */
  readonly perSecond: number;
}

const entriesPerAction = 4;

/** Makes one of about so many entries, in so many runs. */
export async function largeHome(
  folder: string,
  { entries, runs }: { readonly entries: number; readonly runs: number },
): Promise<LargeHome> {
  const home = homeIn(join(folder, `home-${entries}`));
  makeHome(home);
  const house = await governedHouse(home.ledger);
  const { store, ledger } = house;
  try {
    const lanes: Lane[] = [];
    for (let run = 0; run < runs; run += 1) lanes.push(await governedLane(house));
    const { tookMs } = await takeTurn(lanes, Math.ceil(entries / runs / entriesPerAction));
    writeConfig(home, { ledger, name: 'bench' });
    const signed = await integrate({ store, ledger, tiles: await tilesOf(home) }, house.actor);
    const { size } = signed.checkpoint;
    return { home, entries: size, perSecond: (size * 1_000) / tookMs };
  } finally {
    await store.close();
  }
}

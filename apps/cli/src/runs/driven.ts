import { locksOf } from '../compose/house.ts';
import type { Home } from '../home.ts';

/** Whether a process drives a run at this moment. */
export async function isDriven(home: Home, run: string): Promise<boolean> {
  const lock = await (await locksOf(home)).acquire(run);
  if (lock.ok) await lock.value();
  return !lock.ok;
}

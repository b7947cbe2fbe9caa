import { RefusalError } from '@chancery/kernel/refusal';
import { vaultIn } from './place.ts';

/** A process that sets some secrets of a vault, one after the other. */
const [folder = '', name = '', count = ''] = process.argv.slice(2);
const open = await vaultIn(folder).unlock();
if (!open.ok) throw new RefusalError(open.refusal);
for (let nth = 0; nth < Number(count); nth += 1) {
  const set = await open.value.set({ name: `${name}${nth}`, value: `the value of ${nth}` });
  if (!set.ok) throw new RefusalError(set.refusal);
}

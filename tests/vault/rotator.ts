import { RefusalError } from '@chancery/kernel/refusal';
import { vaultIn } from './place.ts';

/** A process that gives a vault one new key after the other, until it is killed. */
const [folder = ''] = process.argv.slice(2);
const open = await vaultIn(folder).unlock();
if (!open.ok) throw new RefusalError(open.refusal);
for (;;) {
  const rotated = await open.value.rotate(undefined);
  if (!rotated.ok) throw new RefusalError(rotated.refusal);
}

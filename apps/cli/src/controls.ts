import { Authority, type Controller } from '@chancery/runtime/authority';
import { entriesOf } from '@chancery/runtime/journal';
import { foundedKey, loadKey, openClock, redactorOf } from './compose.ts';
import { granted } from './exit.ts';
import { writing } from './opening.ts';
import { secretsOf } from './secrets.ts';
import { type Session } from './session.ts';

interface Said {
  /** File of the key that signs; the owner's where it is undefined. */
  readonly key: string | undefined;
  readonly reason: string;
}

/** Lends the kill switches of the ledger, and the reason as it may be recorded. */
export async function atControls<T>(
  { home, env }: Session,
  { key, reason }: Said,
  use: (controller: Controller, reason: string) => Promise<T>,
): Promise<T> {
  return writing(home, async ({ store, config: { ledger } }) => {
    const by = granted(await (key === undefined ? foundedKey(home.ownerKey) : loadKey(key)));
    let latestMs = 0;
    for await (const { entry } of entriesOf(store, 'control')) latestMs = entry.at;
    const clock = await openClock(latestMs);
    const authority = new Authority(store, ledger);
    const said = redactorOf(secretsOf(env)).redactText(reason).value;
    return use({ store, ledger, clock, authority, by }, said);
  });
}

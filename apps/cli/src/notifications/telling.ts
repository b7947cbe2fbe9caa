import type { Hook } from '@chancery/domain/notifications';
import type { Digest } from '@chancery/kernel/encoding';
import type { LedgerStore } from '@chancery/kernel/ledger';
import { RefusalError, type Refusal } from '@chancery/kernel/refusal';
import { deliverNew, keepDelivering, type Delivery } from '@chancery/runtime/notifications';
import { courierOf, hookPlacesOf, hooksOf } from '../compose/hooks.ts';
import { errorOf } from '../exit.ts';
import type { Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';

interface Source {
  readonly store: LedgerStore;
  readonly ledger: Digest;
}

/**
 * Tells the hooks of what is recorded while the work goes on, and of its last entry. What does not
 * arrive is said, and is no failure of the work: the hook is told of it the next time.
 */
export async function withNotifications<T>(
  session: Session,
  source: Source,
  work: () => Promise<T>,
): Promise<T> {
  const hooks = await readyHooks(session);
  if (hooks.length === 0) return work();
  const stop = new AbortController();
  const failed = Promise.all(
    hooks.map(async (hook) => {
      const onFailure = (failure: Refusal): void => tellFailure(session, hook, failure);
      await attempt(session, hook, async () => {
        const delivery = await deliveryTo(session, source, hook);
        if (delivery !== undefined) {
          await keepDelivering({ ...delivery, signal: stop.signal, onFailure });
        }
      });
    }),
  ).then(() => undefined, errorOf);
  let done: T;
  try {
    done = await work();
  } finally {
    stop.abort();
    await failed;
  }
  const error = await failed;
  if (error !== undefined) throw error;
  return done;
}

export interface Notified {
  /** How many notifications have arrived. */
  readonly count: number;
  /** Hooks that were not told of everything; why, was said. */
  readonly behind: readonly string[];
}

/** Tells all hooks of what they were not told of. */
export async function notifyNow(session: Session, source: Source): Promise<Notified> {
  const hooks = await readyHooks(session);
  const told = await Promise.all(
    hooks.map(async (hook) => ({ hook, count: await notifyHook(session, source, hook) })),
  );
  return {
    count: told.reduce((sum, { count }) => sum + (count ?? 0), 0),
    behind: told.filter(({ count }) => count === undefined).map(({ hook }) => hook.name),
  };
}

/** How many notifications have arrived; undefined where one has not. */
async function notifyHook(
  session: Session,
  source: Source,
  hook: Hook,
): Promise<number | undefined> {
  let count: number | undefined;
  await attempt(session, hook, async () => {
    const delivery = await deliveryTo(session, source, hook);
    if (delivery === undefined) return;
    const delivered = await deliverNew(delivery);
    // Whoever has it tells it of everything.
    if (delivered.kind === 'busy') count = 0;
    else if (delivered.failure === undefined) count = delivered.count;
    else tellFailure(session, hook, delivered.failure);
  });
  return count;
}

/** The hooks of the home. A file of hooks that cannot be read is said, and stops no work. */
async function readyHooks(session: Session): Promise<readonly Hook[]> {
  const hooks = (await hooksOf(session.home)).list();
  if (hooks.ok) return hooks.value;
  const { code, message, remedy } = hooks.refusal;
  session.terminal.note(`nobody is notified (${code}): ${visible(message)}. ${remedy}`);
  return [];
}

async function deliveryTo(
  session: Session,
  { store, ledger }: Source,
  hook: Hook,
): Promise<Delivery | undefined> {
  const courier = await courierOf(session.home, hook, session.env);
  if (courier.ok) {
    const places = await hookPlacesOf(session.home);
    return { store, ledger, hook, courier: courier.value, places };
  }
  tellFailure(session, hook, courier.refusal);
  return undefined;
}

/** What refuses to be delivered is said; what must not happen ends the work. */
async function attempt(session: Session, hook: Hook, deliver: () => Promise<void>): Promise<void> {
  try {
    await deliver();
  } catch (error) {
    if (!(error instanceof RefusalError)) throw errorOf(error);
    tellFailure(session, hook, error.refusal);
  }
}

function tellFailure({ terminal }: Session, { name }: Hook, failure: Refusal): void {
  const { code, message, remedy } = failure;
  terminal.note(`hook ${name} was not told (${code}): ${visible(message)}. ${remedy}`);
}

import type { Agent } from '../cognition/index.ts';
import type { House } from './house.ts';
import type { HeldRun } from './open-run.ts';
import { runId } from './ask.ts';
import { closesAtMs, whyVoid } from './voided.ts';

/** How long the clock goes unlooked at: it can be set, and the machine can sleep. */
const lookMs = 60_000;

/**
 * Aborts what a run is doing as soon as it has no authority for it any more: a control kills it, its
 * writ is revoked or out of its window, or a key that this stands on is retired or compromised. Returns
 * how to stop watching. `onFault` is told when authority cannot be read; then the run is aborted as well.
 */
export function watchAuthority(
  house: House,
  { driven, abort }: HeldRun,
  onFault: (error: unknown) => void,
): () => void {
  const { context } = driven;
  let timer: NodeJS.Timeout | undefined;
  let isWatching = true;
  const lookAgain = (closesMs: number): void => {
    clearTimeout(timer);
    if (!isWatching) return;
    // A window is open to the end of its last millisecond.
    const leftMs = closesMs + 1 - house.clock.nowMs();
    timer = setTimeout(look, Math.min(leftMs, lookMs));
    timer.unref();
  };
  const look = (): void => {
    house.authority.standing(runId(context), context.writ).then(
      (standing) => {
        if (whyVoid(standing, context.actor, house.clock.nowMs()) !== undefined) abort();
        else lookAgain(closesAtMs(standing));
      },
      (error: unknown) => {
        abort();
        onFault(error);
      },
    );
  };
  const unsubscribe = house.authority.subscribe(look);
  look();
  return () => {
    isWatching = false;
    clearTimeout(timer);
    unsubscribe();
  };
}

/**
 * Rests until a time, or until the ledger grows or the switch of the host changes, or the agent of the
 * run wants something, or until `stop`.
 */
export function restOn(
  house: House,
  stop: AbortSignal,
  agent?: Pick<Agent, 'subscribe'>,
): (untilMs: number) => Promise<void> {
  return (untilMs) =>
    new Promise((resolve) => {
      const leftMs = Math.max(0, untilMs - house.clock.nowMs());
      const end = (): void => {
        clearTimeout(timer);
        unsubscribe();
        quiet?.();
        stop.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, leftMs);
      const unsubscribe = house.authority.subscribe(end);
      const quiet = agent?.subscribe(end);
      stop.addEventListener('abort', end, { once: true });
      if (stop.aborted) end();
    });
}

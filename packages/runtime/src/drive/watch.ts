import { strongest } from '@chancery/kernel/control';
import type { Agent } from '../cognition/index.ts';
import type { House } from './house.ts';
import type { HeldRun } from './open-run.ts';
import { runId } from './ask.ts';

/**
 * Aborts what a run is doing as soon as a control kills it or its writ is revoked. Returns how to
 * stop watching. `onFault` is told when authority cannot be read; then the run is aborted as well.
 */
export function watchAuthority(
  house: House,
  { driven, abort }: HeldRun,
  onFault: (error: unknown) => void,
): () => void {
  const { context } = driven;
  return house.authority.subscribe(() => {
    house.authority.standing(runId(context), context.writ).then(
      ({ controls, revoked }) => {
        if (strongest(controls)?.mode === 'kill' || revoked.size > 0) abort();
      },
      (error: unknown) => {
        abort();
        onFault(error);
      },
    );
  });
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

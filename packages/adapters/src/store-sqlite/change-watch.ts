import { RefusalError } from '@chancery/kernel/refusal';

/**
 * What to call again and again, so that `tell` is called when `version` has become another one.
 * It does not throw, since a timer has nobody to throw to. Where `version` throws `ledger.busy`,
 * the next call sees it; for every other failure `tell` is called, so that whoever listens reads
 * and meets the failure there.
 * @throws what the first `version` throws.
 */
export function changeWatch(version: () => number, tell: () => void): () => void {
  let seen: number | undefined = version();
  return () => {
    const now = attempt(version);
    if (now === 'busy') return;
    if (now === 'failed') seen = undefined;
    else if (now === seen) return;
    else seen = now;
    tell();
  };
}

function attempt(version: () => number): number | 'busy' | 'failed' {
  try {
    return version();
  } catch (error) {
    const busy = error instanceof RefusalError && error.refusal.code === 'ledger.busy';
    return busy ? 'busy' : 'failed';
  }
}

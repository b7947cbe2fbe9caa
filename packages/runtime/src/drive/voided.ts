import { haltText, strongest, type Halt } from '@chancery/kernel/control';
import type { KeyId } from '@chancery/kernel/encoding';
import { checkChain } from '@chancery/kernel/writ';
import type { Standing } from '../authority/index.ts';

/**
 * Why `actor` has no authority any more to do what a run does: a control that kills, or a writ or a key
 * that gives none; undefined while it has. It ends what is running, and keeps the next from beginning.
 */
export function whyVoid(
  { controls, chain, revoked, trust, issuedAt }: Standing,
  actor: KeyId,
  nowMs: number,
): string | undefined {
  const halt = strongest(controls);
  if (halt?.mode === 'kill') return killReason(halt);
  if (revoked.size > 0) return 'the writ is revoked';
  const broken = chain.length > 0 ? checkChain(chain, trust, actor, issuedAt) : undefined;
  if (broken !== undefined) return broken.message;
  return closesAtMs({ chain }) < nowMs ? 'the window of the writ has closed' : undefined;
}

/** The last moment at which every writ of a chain is in its window; never where there is none. */
export function closesAtMs({ chain }: Pick<Standing, 'chain'>): number {
  return Math.min(...chain.map(({ writ }) => writ.window.notAfter));
}

function killReason(halt: Halt): string {
  return halt.source === 'ledger' ? halt.reason : haltText(halt);
}

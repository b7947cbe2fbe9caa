import { objectDigest, type Digest, type Json } from '../encoding/index.ts';

/** What is to be undone of a run, in this order, and what stays. */
interface ToBeUndone {
  readonly steps: readonly {
    readonly commits: readonly number[];
    readonly capability: string;
    readonly args: Json;
  }[];
  readonly lasting: readonly { readonly entry: number; readonly capability: string }[];
}

/** Digest of a plan with the arguments of its steps: what somebody has agreed to who was shown it. */
export function undoPlanDigest({ steps, lasting }: ToBeUndone): Digest {
  return objectDigest('undo-plan', {
    steps: steps.map(({ commits, capability, args }) => ({ commits, capability, args })),
    lasting: lasting.map(({ entry, capability }) => ({ entry, capability })),
  });
}

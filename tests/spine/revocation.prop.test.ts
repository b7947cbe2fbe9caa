import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readEntry } from '@chancery/kernel/ledger';
import { Authority } from '@chancery/runtime/authority';
import { cases } from '@chancery/testkit/properties';
import { findingsOf } from './drive.ts';
import { plans } from './revocation-plan.ts';
import { RevocationScene } from './revocation-scene.ts';

it('nothing is done under a revoked or halted writ, or below one, and everything else is as it was', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const scene = await RevocationScene.founded();
      for (const step of plan) {
        const came = await scene.make(step);
        if (came !== undefined)
          expect({ step, was: came.was }).toEqual({ step, was: came.expected });
      }
      await expectKnown(scene);
      expect(await begunTooLate(scene)).toEqual([]);
      expect(await findingsOf(scene.house)).toEqual([]);
    }),
    cases(25),
  );
});

/** Whoever reads the ledger from its beginning knows what the one knows who has followed it. */
async function expectKnown({ house, model, writs }: RevocationScene): Promise<void> {
  for (const authority of [house.authority, new Authority(house.store, house.ledger)]) {
    for (const [place, { id }] of writs.entries()) {
      const { chain, revoked, controls } = await authority.standing('none', id);
      const isRevoked = chain.some((each) => revoked.has(each.id));
      expect([isRevoked, controls.map(({ mode }) => mode)]).toEqual([
        model.isRevoked(place),
        model.halts(place),
      ]);
    }
  }
}

/** Entries by which something is to be done in a run, after its writ or one above was revoked. */
async function begunTooLate({
  house,
  model,
  writs,
  ...scene
}: RevocationScene): Promise<readonly string[]> {
  const entries = (await house.store.readAll(0, 10_000)).map((stored) => {
    const read = readEntry(stored);
    if (!read.ok) throw new Error(read.refusal.message);
    return read.value.entry;
  });
  const revokedAt = new Map(
    entries.flatMap(({ kind, stream }, position) =>
      kind === 'writ.revoked' ? [[stream, position] as const] : [],
    ),
  );
  const lines = new Map(
    model.runs.map((writ, run) => [
      scene.held[run]?.driven.context.stream ?? '',
      model.line(writ).map((place) => `writ:${writs[place]?.id ?? ''}`),
    ]),
  );
  return entries.flatMap(({ kind, stream }, position) => {
    const begins = kind === 'proposal.staged' || kind === 'execution.started';
    const line = lines.get(stream) ?? [];
    const isLate = line.some((writ) => (revokedAt.get(writ) ?? position) < position);
    return begins && isLate ? [`${kind} at ${position}`] : [];
  });
}

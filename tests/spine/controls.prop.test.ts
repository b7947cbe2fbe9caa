import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { MemoryStore } from '@chancery/adapters/store-memory';
import { controlModes } from '@chancery/kernel/control';
import type { ReadWrit } from '@chancery/kernel/writ';
import { Authority, engageControl } from '@chancery/runtime/authority';
import { issueStanding } from '@chancery/runtime/drive';
import { houseOf, poison, wideTerms, type TestHouse } from '@chancery/testkit/house';

/** Of each writ but the first, which of those before it stands above it. */
const trees = fc
  .integer({ min: 0, max: 6 })
  .chain((more) => fc.tuple(...Array.from({ length: more }, (_, index) => fc.nat({ max: index }))));

it('a control of a writ stops what acts under it or under one below, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(
      trees,
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...controlModes)), {
        minLength: 1,
        maxLength: 3,
      }),
      async (parents, chosen) => {
        const house = await houseOf({
          store: new MemoryStore(),
          capabilities: [poison('look', 'read')],
        });
        const writs = await plant(house, parents);
        const { store, ledger, clock, owner } = house;
        const signatory = { store, ledger, clock, by: owner, authority: house.authority };
        const halted = chosen.map(([pick, mode]) => [pick % writs.length, mode] as const);
        for (const [index, mode] of halted) {
          const writ = writs[index]?.id ?? '';
          await engageControl(signatory, { scope: 'writ', run: null, writ, mode, reason: 'test' });
        }
        // Whoever follows the ledger from here on sees what a reader of all of it sees.
        for (const authority of [house.authority, new Authority(store, ledger)]) {
          for (const [index, { id }] of writs.entries()) {
            const line = lineOf(parents, index);
            const expected = halted.filter(([each]) => line.includes(each)).map(([, mode]) => mode);
            const { controls } = await authority.standing('any', id);
            expect(controls.map(({ mode }) => mode)).toEqual(expected);
          }
        }
      },
    ),
    cases(12),
  );
});

/** A writ and those above it, as places in the tree. */
function lineOf(parents: readonly number[], index: number): readonly number[] {
  if (index === 0) return [0];
  return [index, ...lineOf(parents, parents[index - 1] ?? 0)];
}

async function plant(house: TestHouse, parents: readonly number[]): Promise<readonly ReadWrit[]> {
  const { owner, actor } = house;
  const writs: ReadWrit[] = [];
  for (const parent of [null, ...parents]) {
    const above = parent === null ? null : (writs[parent] ?? null);
    const depth = above === null ? 8 : above.writ.delegation.depth - 1;
    const budget = above === null ? wideTerms(house).budget : partOf(above);
    const terms = wideTerms(house, { budget, delegation: { depth, children: 8 } });
    const issuer = above === null ? owner : actor;
    const issued = await issueStanding(house, { issuer, subject: actor.id, parent: above, terms });
    if (!issued.ok) throw new Error(issued.refusal.message);
    writs.push(issued.value);
  }
  return writs;
}

function partOf({ writ: { budget } }: ReadWrit) {
  const part = (amount: number): number => Math.floor(amount / 10);
  return {
    tokens: part(budget.tokens),
    costMicrousd: part(budget.costMicrousd),
    calls: part(budget.calls),
    wallMs: part(budget.wallMs),
    cpuMs: part(budget.cpuMs),
    bytesOut: part(budget.bytesOut),
  };
}

import fc from 'fast-check';
import { controlModes, type ControlMode } from '@chancery/kernel/control';

/** What a test's capabilities do, by their names. */
export const deeds = { look: 'read', make: 'write', send: 'external' } as const;

export type Deed = keyof typeof deeds;

/** Something that somebody does; writs, runs and controls are indices into what there is, wrapped around. */
export type Step =
  | { readonly does: 'carve' | 'begin' | 'revoke'; readonly writ: number }
  | { readonly does: 'act'; readonly run: number; readonly deed: Deed }
  | { readonly does: 'race'; readonly run: number; readonly deed: Deed; readonly writ: number }
  | { readonly does: 'engage'; readonly on: Scope; readonly of: number; readonly mode: ControlMode }
  | { readonly does: 'clear'; readonly control: number };

export type Scope = 'all' | 'run' | 'writ';

const pick = fc.nat({ max: 40 });
const deed = fc.constantFrom<Deed>('look', 'make', 'send');
const of = <D extends Step['does']>(does: D) => fc.constant(does);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ does: of('carve'), writ: pick }) },
  { weight: 2, arbitrary: fc.record({ does: of('begin'), writ: pick }) },
  { weight: 2, arbitrary: fc.record({ does: of('revoke'), writ: pick }) },
  { weight: 6, arbitrary: fc.record({ does: of('act'), run: pick, deed }) },
  { weight: 1, arbitrary: fc.record({ does: of('race'), run: pick, deed, writ: pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ does: of('engage'), of: pick, mode: fc.constantFrom(...controlModes) },
      on: fc.constantFrom<Scope>('all', 'run', 'writ', 'writ'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: of('clear'), control: pick }) },
);

/** A tree and its runs, and what is done with them then. */
export const plans: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.array(pick, { maxLength: 4 }),
    fc.array(pick, { minLength: 1, maxLength: 3 }),
    fc.array(step, { minLength: 4, maxLength: 14 }),
  )
  .map(([carved, begun, steps]) => [
    ...carved.map((writ) => ({ does: 'carve', writ }) as const),
    ...begun.map((writ) => ({ does: 'begin', writ }) as const),
    ...steps,
  ]);

/** What revocation and controls are to come to: the simplest that can be said of it. */
export class Model {
  /** Of each writ, which stands above it. */
  readonly parents: (number | undefined)[] = [undefined];
  readonly revoked = new Set<number>();
  /** By run, its writ. */
  readonly runs: number[] = [];
  readonly controls = new Map<number, { scope: Scope; of: number; mode: ControlMode }>();

  /** A writ and those above it. */
  line(writ: number): readonly number[] {
    const above = this.parents[writ];
    return above === undefined ? [writ] : [writ, ...this.line(above)];
  }

  isRevoked(writ: number): boolean {
    return this.line(writ).some((each) => this.revoked.has(each));
  }

  /** What halts whoever acts under a writ, in a run or before there is one. */
  halts(writ: number, run?: number): readonly ControlMode[] {
    return [...this.controls.values()]
      .filter(({ scope, of }) => {
        if (scope === 'all') return true;
        return scope === 'run' ? of === run : this.line(writ).includes(of);
      })
      .map(({ mode }) => mode);
  }

  /** Whether a run may do something now. */
  allows(run: number, deed: Deed): boolean {
    const writ = this.runs[run] ?? 0;
    const isStopped = this.halts(writ, run).some((mode) => mode !== 'lockdown' || deed !== 'look');
    return !this.isRevoked(writ) && !isStopped;
  }
}

import type { Refusal } from '../refusal/index.ts';
import { checkDelta, emptyWorld, writeCells } from './apply.ts';
import type { Cell, Delta, World } from './model.ts';

/**
 * Folds deltas in place, for long trajectories: a delta costs what it changes. A world that was
 * taken out is a value of its own; it is made anew only after a change.
 */
export class WorldFold {
  private readonly cells: Map<string, Cell>;
  private clock: number;
  private taken: World | undefined;

  constructor(world: World = emptyWorld) {
    this.cells = new Map(world.cells);
    this.clock = world.clock;
    this.taken = world;
  }

  get world(): World {
    this.taken ??= { clock: this.clock, cells: new Map(this.cells) };
    return this.taken;
  }

  /** Whether `apply` would refuse. */
  check(delta: Delta): Refusal | undefined {
    return checkDelta({ clock: this.clock, cells: this.cells }, delta);
  }

  /** Like `applyDelta`: what is refused changes nothing. */
  apply(delta: Delta): Refusal | undefined {
    if (delta.length === 0) return undefined;
    const wrong = this.check(delta);
    if (wrong !== undefined) return wrong;
    writeCells(this.cells, this.clock, delta);
    this.clock += delta.length;
    this.taken = undefined;
    return undefined;
  }
}

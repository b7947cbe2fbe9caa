import { done, refusal, type Refusal, type Result } from '../refusal/index.ts';
import type { Cell, Delta, Operation, World } from './model.ts';

export const emptyWorld: World = { clock: 0, cells: new Map() };

/**
 * The world after a delta: each operation in order, all or nothing; `world` stays as it is.
 * Refuses `precondition.failed` when a version is another than was expected.
 */
export function applyDelta(world: World, delta: Delta): Result<World> {
  if (delta.length === 0) return done(world);
  const wrong = checkDelta(world, delta);
  if (wrong !== undefined) return { ok: false, refusal: wrong };
  const cells = new Map(world.cells);
  writeCells(cells, world.clock, delta);
  return done({ clock: world.clock + delta.length, cells });
}

/** Whether every operation finds the version that it expects; refuses `precondition.failed`. */
export function checkDelta({ clock, cells }: World, delta: Delta): Refusal | undefined {
  // Versions that earlier operations of this delta have left behind.
  const versions = new Map<string, number>();
  for (const [index, operation] of delta.entries()) {
    const { op, key, expect } = operation;
    const version = versions.get(key) ?? cells.get(key)?.version ?? 0;
    if (version !== expect || (op === 'delete' && version === 0)) return stale(operation, version);
    versions.set(key, op === 'put' ? clock + index + 1 : 0);
  }
  return undefined;
}

/** Carries out operations that `checkDelta` has let pass. */
export function writeCells(cells: Map<string, Cell>, clock: number, delta: Delta): void {
  for (const [index, operation] of delta.entries()) {
    if (operation.op === 'delete') cells.delete(operation.key);
    else cells.set(operation.key, { version: clock + index + 1, value: operation.value });
  }
}

function stale({ op, key, expect }: Operation, version: number): Refusal {
  return refusal(
    'precondition.failed',
    `${op} of ${JSON.stringify(key)} expects version ${expect} and finds ${version}`,
    { details: { key, expect, version } },
  );
}

import type { Bundle } from './model.ts';

/** A bundle that decides on one repository alone: the path that a run is started with. */
export interface ScopedBundle {
  readonly bundle: Bundle;
  readonly repository: string;
}

/** A bundle that decides, on every repository or on one. */
export type ActiveBundle = Bundle | ScopedBundle;

export function bundleIn(active: ActiveBundle): Bundle {
  return 'bundle' in active ? active.bundle : active;
}

/** The one repository that a bundle decides on; undefined for all. */
export function repositoryOf(active: ActiveBundle): string | undefined {
  return 'bundle' in active ? active.repository : undefined;
}

export function activeOn(bundle: Bundle, repository: string | undefined): ActiveBundle {
  return repository === undefined ? bundle : { bundle, repository };
}

/** The bundles that decide on a repository; those that are for none alone where it is undefined. */
export function countingOn(
  bundles: readonly ActiveBundle[],
  repository: string | undefined,
): readonly Bundle[] {
  const counts = (only: string | undefined) => only === undefined || only === repository;
  return bundles.filter((active) => counts(repositoryOf(active))).map(bundleIn);
}

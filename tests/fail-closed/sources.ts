import { read, sources } from '../tidy/tree.ts';
import { placesOf, type Place } from './places.ts';

/** What runs for whoever uses Chancery; tests and what only tests use are left out. */
const shipped: readonly string[] = sources.filter(
  (file) =>
    /^(packages|apps)\/.*\.ts$/.test(file) &&
    !/\.test\.ts$|-fixture\.ts$|\.generated\.ts$|^packages\/testkit\//.test(file),
);

/** Every place of every source that is shipped, by file; files without one are left out. */
export function shippedPlaces(): ReadonlyMap<string, readonly Place[]> {
  const places = shipped.map((file) => [file, placesOf(read(file))] as const);
  return new Map(places.filter(([, found]) => found.length > 0));
}

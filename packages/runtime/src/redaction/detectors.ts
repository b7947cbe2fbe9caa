import type { Detector } from './detector.ts';
import { formatDetectors } from './format-detector.ts';
import { formats, nearFormats, patterns, secretNames } from './formats/index.ts';
import { nameDetectors, nearDetectors } from './name-detector.ts';
import { patternDetector } from './pattern-detector.ts';
import { SignTable } from './signs.ts';

/** Kind of what is a secret by its name alone. */
export const namedKind = 'named-secret';

interface Lookout {
  /** In the order in which they give a place its kind: what is known for certain comes first. */
  readonly detectors: readonly Detector[];
  /** Signs of all detectors: a text without one holds nothing that any of them finds. */
  readonly table: SignTable;
  readonly bySign: ReadonlyMap<number, readonly Detector[]>;
  readonly longestBefore: number;
}

let made: Lookout | undefined;

/** Made when the first text is looked at: many a process never does. */
function lookout(): Lookout {
  return (made ??= lookoutOf([
    ...patterns.map(patternDetector),
    ...formats.flatMap(formatDetectors),
    ...nearFormats.flatMap(nearDetectors),
    ...secretNames.flatMap((name) => nameDetectors(namedKind, name)),
  ]));
}

function lookoutOf(detectors: readonly Detector[]): Lookout {
  const bySign = new Map<number, Detector[]>();
  const table = new SignTable();
  for (const detector of detectors) {
    for (const sign of new Set(detector.signs)) {
      table.add(sign);
      const sharing = bySign.get(sign);
      if (sharing === undefined) bySign.set(sign, [detector]);
      else sharing.push(detector);
    }
  }
  const longestBefore = detectors.reduce((most, { before }) => Math.max(most, before), 0);
  return { detectors, table, bySign, longestBefore };
}

export function allDetectors(): readonly Detector[] {
  return lookout().detectors;
}

/** Most characters that a sign stands after the start of what it is a sign of. */
export function longestBefore(): number {
  return lookout().longestBefore;
}

/** Whether a detector may find something: false of nearly all short texts, and told by one quick look. */
export function mayHoldSecret(text: string): boolean {
  return lookout().table.in(text);
}

/** Tells each place at which detectors are to be tried. */
export function eachSign(
  text: string,
  tell: (at: number, detectors: readonly Detector[]) => void,
): void {
  const { table, bySign } = lookout();
  table.each(text, (at, sign) => {
    tell(at, bySign.get(sign) ?? []);
  });
}

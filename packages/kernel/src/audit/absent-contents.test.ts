import { someDigest } from '@chancery/testkit/builders';
import { describe, expect, it } from 'vitest';
import { noRemovals } from '../removal/index.ts';
import { AbsentContents, unexplainedFindings, type AbsentVerdict } from './absent-contents.ts';

const [gone, lost, kept] = ['gone', 'lost', 'kept'].map(someDigest) as [string, string, string];
const key = someDigest('key');

interface Content {
  readonly position: number;
  readonly digest: string;
  readonly key?: string;
  readonly isGiven?: boolean;
}

interface Removed {
  /** Position of the entry that prunes each. */
  readonly pruned?: Readonly<Record<string, number>>;
  readonly isErased?: boolean;
}

function verdictOf(
  contents: readonly Content[],
  { pruned = {}, isErased = false }: Removed = {},
): AbsentVerdict {
  const absent = new AbsentContents();
  for (const { position, digest, key: sealedWith, isGiven = false } of contents) {
    const place = { stream: 'run:a', seq: position, position, text: '' };
    const blob = { digest, bytes: 1, mediaType: 'application/json' };
    absent.take(place, sealedWith === undefined ? blob : { ...blob, key: sealedWith }, isGiven);
  }
  const erasure = { by: 'ed25519:1', atMs: 0, reason: '' };
  return absent.finish({
    isPrunedAfter: (blob, position) => (pruned[blob] ?? -1) > position,
    removals: isErased ? { ...noRemovals, erased: new Map([[key, erasure]]) } : noRemovals,
  });
}

describe('a content that could not be read', () => {
  it('is missing, and the first such is lost, where nobody has had it removed', () => {
    const verdict = verdictOf([
      { position: 3, digest: lost },
      { position: 4, digest: gone },
    ]);
    expect(verdict).toMatchObject({ pruned: 0, erased: 0, missing: 2 });
    expect(verdict.lost).toMatchObject({ digest: lost, place: { position: 3 } });
    expect(verdict.explained).toEqual(new Set());
  });

  it('is explained where it was pruned later, and not where it was pruned before', () => {
    const after = verdictOf([{ position: 3, digest: gone }], { pruned: { [gone]: 9 } });
    expect(after).toMatchObject({ pruned: 1, missing: 0, explained: new Set([3]) });
    expect(after.lost).toBeUndefined();
    const before = verdictOf([{ position: 3, digest: gone }], { pruned: { [gone]: 2 } });
    expect(before).toMatchObject({ pruned: 0, missing: 1, explained: new Set() });
  });

  it('is no pruned one where its bytes were given all the same', () => {
    const given = { position: 3, digest: kept, key, isGiven: true };
    const verdict = verdictOf([given], { pruned: { [kept]: 9 } });
    expect(verdict).toMatchObject({ pruned: 0, missing: 0, explained: new Set() });
    expect(verdictOf([given], { pruned: { [kept]: 9 }, isErased: true })).toMatchObject({
      ...{ pruned: 0, erased: 1, explained: new Set([3]) },
    });
  });

  it('is erased once, however often it is named', () => {
    const named = [3, 4].map((position) => ({ position, digest: gone, key }));
    expect(verdictOf(named, { isErased: true })).toMatchObject({ erased: 1, missing: 0 });
  });

  it('leaves its entry unexplained beside another that nobody has had removed', () => {
    const both = [
      { position: 3, digest: gone },
      { position: 3, digest: lost },
    ];
    for (const contents of [both, both.toReversed()]) {
      const { explained, missing } = verdictOf(contents, { pruned: { [gone]: 9 } });
      expect({ explained, missing }).toEqual({ explained: new Set(), missing: 1 });
    }
  });

  it('has nothing to do with one that was read', () => {
    const verdict = verdictOf([{ position: 3, digest: kept, isGiven: true }]);
    expect(verdict).toMatchObject({ missing: 0, lost: undefined, explained: new Set() });
  });
});

it('only findings that say no more than that are explained', () => {
  const finding = { stream: 'run:a', seq: 0, severity: 'drift', message: '' } as const;
  const findings = (['content.unread', 'gate.unread', 'writ.invalid'] as const).flatMap((code) =>
    [3, 4].map((position) => ({ ...finding, code, position })),
  );
  const left = unexplainedFindings(findings, new Set([3]));
  expect(left.map(({ code, position }) => `${code} ${position}`)).toEqual([
    'content.unread 4',
    'gate.unread 4',
    'writ.invalid 3',
    'writ.invalid 4',
  ]);
});

import { authority, signerFrom } from '@chancery/testkit/builders';
import { describe, expect, it } from 'vitest';
import { headSigners, isBarred, isTrustedFor } from './index.ts';
import type { KeySpan, KnownKey, Trust } from './model.ts';

const key = signerFrom(4).id;
const { trust } = authority();

function under(spans: readonly KeySpan[], voidFrom?: number): Trust {
  const purposes = spans.at(-1)?.until === null ? (spans.at(-1)?.purposes ?? []) : [];
  const known: KnownKey = { label: 'k', purposes, spans, voidFrom, statements: spans.length };
  return { ...trust, keys: new Map([[key, known]]) };
}

const span = (from: number, until: number | null, ...purposes: KeySpan['purposes']): KeySpan => ({
  ...{ from, until, purposes },
});

describe('who may have signed a head', () => {
  const sizes = [0, 4, 5, 9, 10, 11, 100];
  const signed = (trusted: Trust) => sizes.filter((size) => headSigners(trusted, size).length > 0);

  it('is a key that runs, of every size, those before it was trusted as well', () => {
    expect(signed(under([span(5, null, 'run')]))).toEqual(sizes);
    expect(signed(under([span(5, null, 'work')]))).toEqual([]);
  });

  it('is nobody beyond the end of the key', () => {
    expect(signed(under([span(5, 10, 'run')]))).toEqual([0, 4, 5, 9]);
  });

  it('is a key that was trusted anew, of every size again', () => {
    expect(signed(under([span(1, 5, 'run'), span(9, null, 'run')]))).toEqual(sizes);
    expect(signed(under([span(1, 5, 'run'), span(9, 11, 'work')]))).toEqual([0, 4]);
  });

  it('is nobody from the size on that a key is compromised from', () => {
    expect(signed(under([span(1, null, 'run')], 9))).toEqual([0, 4, 5]);
    expect(signed(under([span(1, 5, 'run')], 0))).toEqual([]);
  });
});

describe('a key of which something was said', () => {
  it('is believed within its spans, and barred where they have ended', () => {
    const ended = under([span(5, 10, 'issue')]);
    const at = (size?: number) => [
      isTrustedFor(ended, key, 'issue', size),
      isBarred(ended, key, size),
    ];
    expect([4, 5, 9, 10, undefined].map(at)).toEqual([
      [false, false],
      [true, false],
      [true, false],
      [false, true],
      [false, true],
    ]);
  });

  it('is barred from the size on that it is compromised from, and now', () => {
    const lost = under([span(5, null, 'issue')], 8);
    const at = (size?: number) => [
      isTrustedFor(lost, key, 'issue', size),
      isBarred(lost, key, size),
    ];
    expect([7, 8, undefined].map(at)).toEqual([
      [true, false],
      [false, true],
      [false, true],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { redactor } from '@chancery/runtime/redaction';
import { corpus, randomOf, sampleOf, type CorpusFormat, type Sample } from './corpus.ts';
import { surroundings } from './surroundings.ts';

const samples = 6;
/** A name that tells nothing, for secrets that are known by their look. */
const plainName = 'DEPLOY_VALUE';
/** As many characters in a row of what was drawn are a leak. */
const telling = { most: 12, least: 8 };

const { redactText, stream } = redactor({ secrets: [] });

function leaks(shown: string, { drawn }: Sample): boolean {
  return drawn.some((part) => {
    const length = Math.min(telling.most, part.length);
    if (length < telling.least) return false;
    for (let at = 0; at + length <= part.length; at += 1) {
      if (shown.includes(part.slice(at, at + length))) return true;
    }
    return false;
  });
}

function inChunks(text: string, length: number): string {
  const { write, end } = stream();
  let shown = '';
  for (let at = 0; at < text.length; at += length)
    shown += write(text.slice(at, at + length)).value;
  return shown + end().value;
}

interface Tried {
  readonly format: string;
  readonly surrounding: string;
  readonly leaked: boolean;
}

function* tried(format: CorpusFormat): Generator<Tried> {
  const random = randomOf(format.format);
  for (let nth = 0; nth < samples; nth += 1) {
    const sample = sampleOf(format, random);
    for (const [surrounding, write] of Object.entries(surroundings)) {
      const text = write(format.name ?? plainName, sample.text);
      if (text === undefined) continue;
      const leaked = leaks(redactText(text).value, sample);
      yield { format: format.format, surrounding, leaked };
      const chunked = leaks(inChunks(text, 1 + Math.floor(random() * 40)), sample);
      yield { format: format.format, surrounding: 'chunks', leaked: chunked };
    }
  }
}

function share(tries: readonly Tried[]): number {
  return tries.filter(({ leaked }) => !leaked).length / tries.length;
}

describe('of secrets in the formats of the corpus', () => {
  const all = corpus.flatMap((format) => [...tried(format)]);

  it('98 in a hundred are found', () => {
    expect(share(all)).toBeGreaterThanOrEqual(0.98);
  });

  it('90 in a hundred are found in each surrounding', () => {
    const found = Map.groupBy(all, ({ surrounding }) => surrounding);
    const poor = [...found].filter(([, tries]) => share(tries) < 0.9);
    expect(poor.map(([surrounding]) => surrounding)).toEqual([]);
    expect([...found.keys()].sort()).toEqual(['chunks', ...Object.keys(surroundings)].sort());
  });

  it('75 in a hundred are found of each format', () => {
    const found = Map.groupBy(all, ({ format }) => format);
    const poor = [...found].filter(([, tries]) => share(tries) < 0.75);
    expect(poor.map(([format]) => format)).toEqual([]);
    expect(found.size).toBeGreaterThanOrEqual(300);
  });

  it('96 in a hundred of those that need no name are found directly behind a letter or digit', () => {
    const tries = corpus
      .filter(({ name }) => name === undefined)
      .flatMap((format) => {
        const random = randomOf(`${format.format} behind`);
        return ['a', 'q', 'T', '7'].map((before) => {
          const sample = sampleOf(format, random);
          const leaked = leaks(redactText(before + sample.text).value, sample);
          return { format: format.format, surrounding: before, leaked };
        });
      });
    expect(share(tries)).toBeGreaterThanOrEqual(0.96);
  });
});

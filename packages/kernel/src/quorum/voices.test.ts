import { describe, expect, it } from 'vitest';
import { mostVoices } from './voices.ts';

describe('the most voices', () => {
  it.each<[string, readonly (readonly string[])[], number]>([
    ['of nobody', [], 0],
    ['of one who speaks for nobody', [[]], 0],
    ['of one who speaks for two', [['ann', 'bob']], 1],
    ['of two who speak for one', [['ann'], ['ann']], 1],
    ['of one who makes room for another', [['ann', 'bob'], ['ann']], 2],
    ['of two who make room', [['ann', 'bob'], ['bob', 'cyd'], ['ann'], ['bob']], 3],
  ])('%s', (_, heardFor, voices) => {
    expect([mostVoices(heardFor), mostVoices(heardFor.toReversed())]).toEqual([voices, voices]);
  });
});

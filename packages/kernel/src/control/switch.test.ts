import { describe, expect, test } from 'vitest';
import { readSwitch } from './switch.ts';

const writ = 'ab'.repeat(32);
const all = { scope: 'all', run: null } as const;

describe('a switch file', () => {
  test.each([
    ['nothing', '', { ...all, mode: 'kill', reason: 'it is there' }],
    ['blanks', ' \n', { ...all, mode: 'kill', reason: 'it is there' }],
    ['an empty object', '{}\n', { ...all, mode: 'kill', reason: 'it is there' }],
    [
      'a mode and a reason',
      '{"mode": "soft", "reason": "look"}',
      { ...all, mode: 'soft', reason: 'look' },
    ],
    [
      'a run',
      '{"run":"r1","mode":"lockdown"}',
      { scope: 'run', run: 'r1', mode: 'lockdown', reason: 'it is there' },
    ],
    [
      'a plan',
      '{"plan":"p1","mode":"soft"}',
      { scope: 'plan', run: null, plan: 'p1', mode: 'soft', reason: 'it is there' },
    ],
    [
      'a writ',
      `{"writ":"${writ}","reason":""}`,
      { scope: 'writ', run: null, writ, mode: 'kill', reason: '' },
    ],
  ])('of %s is what it says', (_, text, read) => {
    expect(readSwitch(text)).toEqual(read);
  });

  test.each([
    ['no JSON', 'soft'],
    ['half an object', '{"mode":"soft"'],
    ['a list', '["soft"]'],
    ['a mode that there is not', '{"mode":"pause"}'],
    ['a mode twice', '{"mode":"kill","mode":"soft"}'],
    ['a mode that an object inherits', '{"mode":"toString"}'],
    ['a member that there is not', '{"mode":"soft","tenant":"t1"}'],
    ['both a run and a plan', '{"run":"r1","plan":"p1","mode":"soft"}'],
    ['both a plan and a writ', `{"plan":"p1","writ":"${writ}","mode":"soft"}`],
    ['a plan without a name', '{"plan":"","mode":"soft"}'],
    ['a plan that is a number', '{"plan":7,"mode":"soft"}'],
    ['both a run and a writ', `{"run":"r1","writ":"${writ}","mode":"soft"}`],
    ['a run without a name', '{"run":"","mode":"soft"}'],
    ['a run that is a list', '{"run":["r1"],"mode":"soft"}'],
    ['a writ by its first letters', '{"writ":"abab","mode":"soft"}'],
    ['a reason that is no text', '{"reason":1,"mode":"soft"}'],
  ])('of %s kills everything', (_, text) => {
    const reason = expect.stringMatching(/^it cannot be read, /) as string;
    expect(readSwitch(text)).toEqual({ ...all, mode: 'kill', reason });
  });
});

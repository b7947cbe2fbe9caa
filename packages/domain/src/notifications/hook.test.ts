import { describe, expect, test } from 'vitest';
import type { Json } from '@chancery/kernel/encoding';
import { readHook } from './index.ts';

const desk = {
  name: 'desk',
  on: ['approval.requested'],
  channels: ['security'],
  to: { type: 'command', argv: ['notify-send', 'it waits'] },
};
const ops = {
  name: 'ops2',
  on: ['run.finished', 'control.engaged'],
  channels: [],
  to: { type: 'webhook', url: 'https://hooks.example.org/' },
};

describe('a hook', () => {
  test('is read as it stands', () => {
    expect([readHook(desk), readHook(ops)]).toEqual([
      { ok: true, value: desk },
      { ok: true, value: ops },
    ]);
  });

  test.each<readonly [string, Json]>([
    ['no object', []],
    ['a member more', { ...desk, secret: 'x' }],
    ['a member less', { name: 'a', on: ['run.finished'], to: desk.to }],
    ['a name with a path', { ...desk, name: '../up' }],
    ['a name with capitals', { ...desk, name: 'Desk' }],
    ['no name', { ...desk, name: '' }],
    ['a name that is too long', { ...desk, name: 'a'.repeat(64) }],
    ['on nothing', { ...desk, on: [] }],
    ['on a kind that nobody is told of', { ...desk, on: ['commit'] }],
    ['on no list', { ...desk, on: 'run.finished' }],
    ['channels that are no names', { ...desk, channels: [1] }],
    ['no destination', { ...desk, to: null }],
    ['a command of no words', { ...desk, to: { type: 'command', argv: [] } }],
    ['a command of an empty word', { ...desk, to: { type: 'command', argv: [''] } }],
    ['a command with a zero', { ...desk, to: { type: 'command', argv: ['a\0b'] } }],
    ['a line for a shell', { ...desk, to: { type: 'command', argv: 'a b' } }],
    ['two destinations', { ...desk, to: { ...desk.to, url: 'https://x.org' } }],
    ['an unknown destination', { ...desk, to: { type: 'mail', to: 'ada' } }],
  ])('with %s is refused', (_what, value) => {
    expect(readHook(value)).toMatchObject({ ok: false, refusal: { code: 'hook.invalid' } });
  });
});

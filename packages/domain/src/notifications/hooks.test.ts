import { describe, expect, test } from 'vitest';
import { type Json } from '@chancery/kernel/encoding';
import { readHooks } from './index.ts';

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

const whole = (hooks: Json): Json => ({ v: 1, hooks });

describe('a file of hooks', () => {
  test('is read as it stands', () => {
    expect(readHooks(whole([desk, ops]))).toEqual({ ok: true, value: [desk, ops] });
    expect(readHooks(whole([]))).toEqual({ ok: true, value: [] });
  });

  test.each<readonly [string, Json]>([
    ['no object', []],
    ['another version', { v: 2, hooks: [] }],
    ['a member more', { v: 1, hooks: [], more: 1 }],
    ['hooks that are no list', whole({})],
    ['a hook that is none', whole([null])],
    ['a member more in a hook', whole([{ ...desk, secret: 'x' }])],
    ['a member less in a hook', whole([{ name: 'a', on: ['run.finished'], to: desk.to }])],
    ['a name with a path', whole([{ ...desk, name: '../up' }])],
    ['a name with capitals', whole([{ ...desk, name: 'Desk' }])],
    ['no name', whole([{ ...desk, name: '' }])],
    ['a name that is too long', whole([{ ...desk, name: 'a'.repeat(64) }])],
    ['two of one name', whole([desk, { ...ops, name: 'desk' }])],
    ['on nothing', whole([{ ...desk, on: [] }])],
    ['on a kind that nobody is told of', whole([{ ...desk, on: ['commit'] }])],
    ['on no list', whole([{ ...desk, on: 'run.finished' }])],
    ['channels that are no names', whole([{ ...desk, channels: [1] }])],
    ['no destination', whole([{ ...desk, to: null }])],
    ['a command of no words', whole([{ ...desk, to: { type: 'command', argv: [] } }])],
    ['a command of an empty word', whole([{ ...desk, to: { type: 'command', argv: [''] } }])],
    ['a command with a zero', whole([{ ...desk, to: { type: 'command', argv: ['a\0b'] } }])],
    ['a line for a shell', whole([{ ...desk, to: { type: 'command', argv: 'a b' } }])],
    ['two destinations', whole([{ ...desk, to: { ...desk.to, url: 'https://x.org' } }])],
    ['an unknown destination', whole([{ ...desk, to: { type: 'mail', to: 'ada' } }])],
  ])('with %s is refused', (_what, value) => {
    expect(readHooks(value)).toMatchObject({ ok: false, refusal: { code: 'hook.invalid' } });
  });
});

import { expect, it } from 'vitest';
import type { Action, Resolution } from '@chancery/kernel/compiler';
import { liftedFor } from './lifting.ts';

const action = { resolved: { paths: ['a', 'ci/x'] } } as unknown as Action;
const granted = { action: 'd1', outcome: 'granted' } as unknown as Resolution;

it.each<[string, Resolution | undefined, readonly string[]]>([
  ['what is protected, by a grant of this action', granted, ['ci/x']],
  ['nothing without an answer', undefined, []],
  ['nothing by a grant of another action', { ...granted, action: 'd2' }, []],
  ['nothing by a no', { ...granted, outcome: 'denied' }, []],
  ['nothing by what came too late', { ...granted, outcome: 'expired' }, []],
])('lifts %s', (_what, resolution, lifted) => {
  expect(liftedFor({ action, actionDigest: 'd1', resolution }, ['ci/**'])).toEqual(lifted);
});

import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { madeGroup } from './bounds.ts';

const groupsThat = (make: () => never) => ({ groups: { held: new Map(), make } });

describe('madeGroup', () => {
  it('refuses where the system does not make a group', () => {
    const failing = (): never => {
      mkdirSync('/');
      throw new Error('the root was made');
    };
    expect(madeGroup(groupsThat(failing))).toMatchObject({
      ok: false,
      refusal: { code: 'sandbox.unavailable' },
    });
  });

  it('throws what is no error of the system', () => {
    const failing = (): never => {
      throw new TypeError('of ours');
    };
    expect(() => madeGroup(groupsThat(failing))).toThrow(TypeError);
  });
});

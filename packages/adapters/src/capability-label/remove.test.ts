import { describe, expect, it } from 'vitest';
import { labelRemover } from '@chancery/kernel/compiler';
import { Fault } from '@chancery/kernel/refusal';
import type { Surroundings } from '@chancery/runtime/broker';
import { removeLabel } from './remove.ts';

const nowhere = {} as Surroundings;
const args = { label: 'secret:found', reason: 'Ada has looked' };

describe('the removal of a label', () => {
  it('bears the name by which it is held, and has no effect of its own', async () => {
    expect(removeLabel.contract.name).toBe(labelRemover);
    expect(await removeLabel.normalise(args, nowhere)).toMatchObject({
      ok: true,
      value: { args, effects: ['pure'], paths: [] },
    });
  });

  it('says what and why', async () => {
    await expect(removeLabel.normalise({ label: 'secret:found' }, nowhere)).rejects.toThrow(Fault);
  });
});

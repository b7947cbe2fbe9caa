import { Fault, refusal, refusalCodes, RefusalError } from '@chancery/kernel/refusal';
import { describe, expect, it } from 'vitest';
import { failureOf } from './exit.ts';

describe('a failure', () => {
  it.each(Object.entries(refusalCodes))('by %s has its exit code and remedy', (code, row) => {
    const refused = refusal(code as keyof typeof refusalCodes, 'why');
    expect(failureOf(new RefusalError(refused))).toEqual({
      ...{ code, message: 'why', remedy: row.remedy, retryable: row.retryable, details: {} },
      exit: row.exit,
    });
  });

  it('by the disk is not a fault of ours', () => {
    const error = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
    expect(failureOf(error)).toMatchObject({
      code: 'ledger.unreachable',
      exit: 1,
      retryable: true,
    });
  });

  it.each([
    [new Fault('broken'), 'broken'],
    [new TypeError('x is undefined'), 'x is undefined'],
    ['a text', 'a text'],
    [new Error(''), 'something that must hold does not'],
  ])('by %s is an internal fault', (thrown, message) => {
    expect(failureOf(thrown)).toMatchObject({ code: 'internal.fault', message, exit: 70 });
  });
});

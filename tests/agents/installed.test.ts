import { describe, expect, test } from 'vitest';
import { whyMissing } from './installed.ts';

const refusal = (code: string): string => `Installing it failed.\nnpm error code ${code}`;

describe('an agent that npm does not bring', () => {
  test.each(['ENOTFOUND', 'ECONNREFUSED', 'ETIMEDOUT', 'E502', 'ERR_SOCKET_TIMEOUT'])(
    'is missing where the registry is not reached: %s',
    (code) => {
      expect(whyMissing(refusal(code), () => true)).toBe('the package registry is not reached');
    },
  );

  test.each(['E403', 'E404'])('is missing where no other is given either, by %s', (code) => {
    expect(whyMissing(refusal(code), () => false)).toBe('the package registry gives no agent');
  });

  test.each(['E403', 'E404', 'EINTEGRITY', 'ETARGET', 'ENOSPC'])(
    'is a failure where others are given, by %s',
    (code) => {
      expect(whyMissing(refusal(code), () => true)).toBeUndefined();
    },
  );

  test.each(['EINTEGRITY', 'ETARGET'])('is a failure by %s whatever is given', (code) => {
    expect(whyMissing(refusal(code), () => false)).toBeUndefined();
  });
});

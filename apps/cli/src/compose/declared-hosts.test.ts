import type { Manifest } from '@chancery/kernel/manifest';
import { someManifest, someRequest } from '@chancery/testkit/builders';
import { describe, expect, it } from 'vitest';
import { unfitness } from './declared.ts';

describe('a host', () => {
  const to = (url: string): Manifest => someManifest({ executor: { ...someRequest, url } });

  it.each([
    ['2130706433', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['10.0.0.01', '10.0.0.1'],
    ['example.org.', 'example.org'],
    ['[0:0:0:0:0:0:0:1]', '[::1]'],
    ['[::ffff:7f00:0001]', '[::ffff:7f00:1]'],
    ['256.1.1.1', 'no host'],
  ])('%s is not declared, since it is %s', async (host, form) => {
    expect((await unfitness())(to(`https://${host}/a`))).toMatchObject({
      code: 'manifest.invalid',
      message: `"url" names the host ${host}, which is ${form}`,
    });
  });

  it.each(['example.org', '127.0.0.1', '[::1]', 'xn--mnchen-3ya.de'])(
    '%s is in its one form',
    async (host) => {
      expect((await unfitness())(to(`https://${host}/a`))).toBeUndefined();
    },
  );
});

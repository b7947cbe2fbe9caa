import { describe, expect, it } from 'vitest';
import { checkDoor, doorArguments, doorVariables } from './door.ts';

const door = { folder: '/tmp/door', hasAuthorities: false };

describe('a door', () => {
  it('is refused where nothing inside could carry connections to it', () => {
    expect(checkDoor(door, '/absent/perl')).toMatchObject({ code: 'sandbox.unavailable' });
    expect(checkDoor(undefined, '/absent/perl')).toBeUndefined();
    expect(checkDoor(door, process.execPath)).toBeUndefined();
  });

  it('adds nothing to a command that has none', () => {
    expect([doorArguments(undefined), doorVariables(undefined)]).toEqual([[], {}]);
  });

  it('is told to programs as their proxy, and its authorities where it has some', () => {
    const plain = doorVariables(door);
    expect(plain).toMatchObject({ HTTPS_PROXY: 'http://127.0.0.1:61080', NODE_USE_ENV_PROXY: '1' });
    expect(plain).not.toHaveProperty('SSL_CERT_FILE');
    expect(doorVariables({ ...door, hasAuthorities: true })).toMatchObject({
      SSL_CERT_FILE: '/run/egress/authorities.pem',
    });
  });
});

import { afterEach, expect, it, vi } from 'vitest';
import { configOf } from './address.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const isPlain = (url: string): boolean => configOf({ url }).ssl === false;

it.each([
  ['postgres://a@db.example/x', false],
  ['postgres://a@10.0.0.1/x', false],
  ['postgres://a@localhost.example/x', false],
  ['postgres://a@localhost/x?host=db.example', false],
  ['postgres://a@localhost/x?host=localhost&host=db.example', false],
  ['postgres://a@db.example/x?sslmode=disable', true],
  ['postgres://a@db.example/x?sslmode=disable&sslmode=require', false],
  ['postgres://a@localhost/x', true],
  ['postgres://a@[::1]/x', true],
  ['postgres://a@db.example/x?host=/run/postgresql', true],
  ['postgres://a@%2Frun%2Fpostgresql/x', true],
])('%s is plain text: %j', (url, plain) => {
  expect(isPlain(url)).toBe(plain);
});

it('takes no certificate of what never ends', () => {
  const url = 'postgres://a@db.example/x?sslmode=verify-full&sslrootcert=/dev/zero';
  expect(() => configOf({ url })).toThrow('the sslrootcert of the address, is no regular file');
});

it('takes neither host nor TLS from the environment', () => {
  vi.stubEnv('PGSSLMODE', 'disable');
  vi.stubEnv('PGHOST', 'db.example');
  expect(isPlain('postgres://a@db.example/x')).toBe(false);
  expect(configOf({ url: 'postgres:///x' })).toMatchObject({
    ssl: false,
    connectionString: 'postgres:///x?host=localhost',
  });
});

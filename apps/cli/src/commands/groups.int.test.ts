import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stand } from '../cli-fixture.ts';

let stand: Stand;

beforeAll(() => {
  stand = new Stand();
});

afterAll(() => {
  stand.remove();
});

describe('a command that groups others', () => {
  it.each([
    ...['approvers', 'channels', 'grants', 'keys', 'log', 'notify'],
    ...['policy', 'timestamp', 'vault', 'writ'],
  ])('does nothing by itself, and says what can be done: %s', async (name) => {
    const { exit, stdout, stderr } = await stand.run([name]);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error usage\.invalid: say what to do with /);
    expect(stderr).toContain(`\`chancery ${name} `);
  });
});

import type { JsonObject } from '@chancery/kernel/encoding';
import type { PolicyRequest } from '@chancery/kernel/policy';
import { assert } from '@chancery/kernel/refusal';
import { describe, expect, it } from 'vitest';
import { requestOf, type Surroundings } from './situation.ts';

const around: Surroundings = {
  contracts: new Map([
    ['fs.read', { version: '1', effect: 'read', risk: 'low', roles: { path: 'path' } }],
    ['fs.write', { version: '2', effect: 'write', risk: 'medium', roles: { path: 'path' } }],
    [
      'shell.run',
      { version: '1', effect: 'write', risk: 'medium', roles: { a: 'command', b: 'credential' } },
    ],
  ]),
  commandOf: (line) => ({
    programs: line.split(' '),
    ...{ does: ['write'], reads: [], writes: ['a.lock'], paths: ['a.lock'] },
  }),
  protectedPaths: ['*.lock'],
  nowMs: 1_764_000_000_000,
};

function asked(capability: string, told: JsonObject = {}): PolicyRequest {
  const request = requestOf({ capability, told }, around);
  assert(request.ok, 'the situation can be asked about');
  return request.value;
}

describe('a request about a situation', () => {
  it('has effect, risk, version, group and roles of the capability', () => {
    const { context, entities, action } = asked('fs.write');
    expect(context).toMatchObject({
      ...{ effect: 'write', effects: ['write'], risk: 'medium', riskLevel: 1 },
      ...{ roles: ['path'], paths: [], programs: [] },
    });
    expect(context).not.toHaveProperty('path');
    expect(action.id).toBe('act');
    expect(asked('fs.read').action.id).toBe('query');
    expect(entities[1]).toEqual({
      uid: { type: 'Capability', id: 'fs.write' },
      attrs: { name: 'fs.write', version: '2', effect: 'write', risk: 'medium' },
      parents: [{ type: 'CapabilityGroup', id: 'fs' }],
    });
  });

  it('is lent a secret where its roles say so', () => {
    expect(asked('shell.run').context).toMatchObject({ roles: ['command'] });
    const told = { roles: ['command', 'credential'] };
    expect(asked('shell.run', told).context).toMatchObject(told);
  });

  it('follows what is told: paths, protection and programs', () => {
    expect(asked('fs.write', { path: 'a/b.lock' }).context).toMatchObject({
      ...{ path: 'a/b.lock', paths: ['a/b.lock'], protectedFile: true },
    });
    expect(asked('fs.read', { path: 'b.lock' }).context).toMatchObject({ protectedFile: false });
    const several = asked('fs.write', { paths: ['a', 'b'] }).context;
    expect(several).toMatchObject({ paths: ['a', 'b'], protectedFile: false });
    expect(several).not.toHaveProperty('path');
    expect(asked('fs.write', { command: 'git push' }).context).toMatchObject({
      ...{ programs: ['git', 'push'], does: ['write'], reads: [], writes: ['a.lock'] },
      ...{ paths: ['a.lock'], protectedFile: true },
    });
    const elsewhere = asked('fs.write', { command: 'x', paths: ['b'] }).context;
    expect(elsewhere).toMatchObject({ paths: ['b'], protectedFile: false });
  });

  it('is asked now, unless another time is told', () => {
    expect(asked('fs.read').context).toMatchObject({ timeMs: around.nowMs });
    expect(asked('fs.read', { timeMs: 7 }).context).toMatchObject({ timeMs: 7 });
  });

  it('is what is told wherever something is', () => {
    const told = { effect: 'external', effects: ['read', 'external'], programs: ['x'], depth: 3 };
    const request = asked('fs.read', { ...told, action: 'query', principal: 'ed25519:1' });
    expect(request.context).toMatchObject(told);
    expect(request.principal.id).toBe('ed25519:1');
    expect(request.action.id).toBe('query');
    expect(request.context).not.toHaveProperty('action');
  });

  it('needs effect and risk of what is no capability of this version', () => {
    const refused = requestOf({ capability: 'mail.send', told: { effect: 'external' } }, around);
    expect(refused.ok ? undefined : refused.refusal.code).toBe('policy.invalid');
    const wrong = requestOf({ capability: 'fs.read', told: { risk: 'none' } }, around);
    expect(wrong.ok ? undefined : wrong.refusal.code).toBe('policy.invalid');
    expect(asked('mail.send', { effect: 'external', risk: 'high' }).context).toMatchObject({
      ...{ effect: 'external', riskLevel: 2 },
    });
  });
});

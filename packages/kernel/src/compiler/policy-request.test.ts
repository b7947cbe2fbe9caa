import { describe, expect, it } from 'vitest';
import {
  compileInput,
  constantPolicy,
  permitting,
  someCapability,
  someHalt,
  someIntent,
  someNormalised,
} from '@chancery/testkit/builders';
import { objectDigest, recordText, type Json } from '../encoding/index.ts';
import type { PolicyRequest } from '../policy/index.ts';
import { done } from '../refusal/index.ts';
import { compile, policyRequest, readQuestion, type CompileInput } from './index.ts';

/** What policy is asked when an input is compiled. */
function requestOf(changes: Partial<CompileInput>): PolicyRequest {
  const asked: PolicyRequest[] = [];
  const decide = (request: PolicyRequest) => {
    asked.push(request);
    return permitting.decide(request);
  };
  compile({ ...compileInput(), ...changes, policy: { ...permitting, decide } });
  const [request] = asked;
  if (request === undefined || asked.length > 1) throw new Error('policy was not asked once');
  return request;
}

function someQuestion(): object {
  return compile(compileInput()).question ?? {};
}

describe('policyRequest', () => {
  it('asks about the actor, the kind of intent and the capability in its context', () => {
    const input = compileInput();
    expect(requestOf({})).toEqual({
      principal: { type: 'Agent', id: input.actor },
      action: { type: 'Action', id: 'act' },
      resource: { type: 'Capability', id: 'fs.write' },
      context: {
        effect: 'write',
        effects: ['write'],
        risk: 'low',
        riskLevel: 0,
        paths: ['src/a.ts'],
        path: 'src/a.ts',
        programs: [],
        protectedFile: false,
        unsandboxed: false,
        left: input.available,
        arguments: objectDigest('arguments', someNormalised().args),
        depth: 0,
        timeMs: 5_000,
        facts: {
          readSecret: false,
          sawUntrusted: false,
          egressAfterUntrusted: 0,
          commits: 0,
          refusals: 0,
        },
        roles: ['path', 'text'],
        labels: [],
      },
      entities: [
        { uid: { type: 'Agent', id: input.actor }, attrs: { key: input.actor }, parents: [] },
        {
          uid: { type: 'Capability', id: 'fs.write' },
          attrs: { name: 'fs.write', version: '1', effect: 'write', risk: 'low' },
          parents: [{ type: 'CapabilityGroup', id: 'fs' }],
        },
        { uid: { type: 'CapabilityGroup', id: 'fs' }, attrs: {}, parents: [] },
      ],
    });
  });

  it('tells what the run may have seen, and that it was a secret or the text of strangers', () => {
    const { facts } = compileInput();
    const seen = (labels: readonly string[]) => {
      const { context } = requestOf({ facts: { ...facts, labels, egressAfterUntrusted: 2 } });
      return [context['labels'], context['facts']];
    };
    const told = (readSecret: boolean, sawUntrusted: boolean) => ({
      ...{ readSecret, sawUntrusted, egressAfterUntrusted: 2, commits: 0, refusals: 0 },
    });
    const [secret, text] = ['secret:found', 'untrusted:fs.read'];
    expect([seen([secret]), seen([text]), seen([text, secret]), seen(['odd'])]).toEqual([
      [[secret], told(true, false)],
      [[text], told(false, true)],
      [[text, secret], told(true, true)],
      [['odd'], told(false, false)],
    ]);
  });

  it('is told by the outcome in whole, so that it can be asked again out of a record', () => {
    const asked: PolicyRequest[] = [];
    const decide = (request: PolicyRequest) => {
      asked.push(request);
      return permitting.decide(request);
    };
    const facts = { does: ['executes'], reads: ['a'], writes: ['b/**'] };
    const command = { line: 'npm test', programs: ['npm'], ...facts };
    const normalised = done(someNormalised({ paths: ['package.json'], command }));
    const input = { ...compileInput(), normalised, riskThreshold: 'low' as const };
    const { question } = compile({ ...input, policy: { ...permitting, decide } });
    expect(question?.holds).toEqual(['risk', 'protected-path']);
    const recorded = recordText(question);
    const read = readQuestion(JSON.parse(recorded) as Json);
    expect([read && policyRequest(read, input.actor)]).toEqual(asked);
    // It is written in the order of the canonical text.
    expect(JSON.stringify(question)).toBe(recorded);
  });

  it('is told where policy refused, and not where an earlier stage did', () => {
    const deny = { kind: 'deny', rules: [], advice: undefined } as const;
    const denied = compile({ ...compileInput(), policy: constantPolicy(deny) });
    const early = compile({ ...compileInput(), controls: [someHalt('kill')] });
    expect([denied.question?.capability.name, early.question]).toEqual(['fs.write', undefined]);
  });

  it.each([
    ['a text', 'act'],
    ['no context', { action: 'act', capability: {}, holds: [] }],
    ['a capability without a name', { ...someQuestion(), capability: { effect: 'write' } }],
    ['a hold that is no text', { ...someQuestion(), holds: [1] }],
    ['an action that is no text', { ...someQuestion(), action: 1 }],
  ])('is not read out of %s', (_, value) => {
    expect(readQuestion(value as Json)).toBeUndefined();
  });

  it('tells a single path and a command only where there is one', () => {
    const command = { line: 'npm test && git push', programs: ['npm', 'git'] };
    const normalised = done(someNormalised({ paths: ['a', 'b'], command, unsandboxed: true }));
    const { context } = requestOf({ normalised });
    expect(context).toMatchObject({ paths: ['a', 'b'], command: command.line, unsandboxed: true });
    expect(context).toMatchObject({ programs: ['npm', 'git'] });
    expect(Object.hasOwn(context, 'path')).toBe(false);
    const none = requestOf({ normalised: done(someNormalised({ paths: [] })) }).context;
    expect([Object.hasOwn(none, 'path'), Object.hasOwn(none, 'command')]).toEqual([false, false]);
  });

  it('tells what a command does, reads and writes where that is known', () => {
    const facts = { does: ['write'], reads: [], writes: ['a'] };
    const command = { line: 'touch a', programs: ['touch'], ...facts };
    expect(requestOf({ normalised: done(someNormalised({ command })) }).context).toMatchObject(
      facts,
    );
    const bare = requestOf({
      normalised: done(someNormalised({ command: { line: 'x', programs: [] } })),
    }).context;
    expect(Object.keys(facts).filter((member) => Object.hasOwn(bare, member))).toEqual([]);
  });

  it('calls a file protected when it is to be changed, and not when it is read', () => {
    const paths = ['src/a.ts', 'package.json'];
    const writing = requestOf({ normalised: done(someNormalised({ paths })) });
    const capability = someCapability({ effect: 'read' });
    const reading = requestOf({
      intent: someIntent({ kind: 'query' }),
      capability,
      pinnedContract: capability.digest,
      normalised: done(someNormalised({ paths, effects: ['read'] })),
    });
    expect([writing.context['protectedFile'], reading.context['protectedFile']]).toEqual([
      true,
      false,
    ]);
    expect(reading.action).toEqual({ type: 'Action', id: 'query' });
  });

  it('tells the roles of the arguments that are there', () => {
    const normalised = done(someNormalised({ args: { path: 'src/a.ts', other: 1 } }));
    expect(requestOf({ normalised }).context['roles']).toEqual(['path']);
  });
});

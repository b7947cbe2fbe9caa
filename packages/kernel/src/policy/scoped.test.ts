import { describe, expect, it } from 'vitest';
import { signerFrom, someDigest, valueOf } from '@chancery/testkit/builders';
import { bundleOf, rule } from '@chancery/testkit/house';
import { sealEnvelope } from '../encoding/index.ts';
import { activateBundle, readActivation } from './activation.ts';
import { activeOn, type ActiveBundle } from './active.ts';
import { policySetDigest } from './bundle.ts';
import type { Bundle, Level } from './model.ts';
import { compilePolicySet } from './policy-set.ts';

const permitting = bundleOf({ all: rule('permit') });
const bundle = (name: string, of: 'permit' | 'forbid', level: Level = 'repository'): Bundle => ({
  ...bundleOf({ [name]: rule(of) }),
  ...{ name, level },
});

function decided(bundles: readonly ActiveBundle[], repository?: string): string {
  const uid = (type: string) => ({ type, id: 'x' });
  const context = repository === undefined ? {} : { repository };
  const [principal, action, resource] = [uid('Agent'), uid('Action'), uid('Capability')];
  const set = valueOf(compilePolicySet(bundles));
  return set.decide({ principal, action, resource, context, entities: [] }).kind;
}

const everywhere = (bundles: readonly ActiveBundle[]) =>
  ['/a', '/b', undefined].map((repository) => decided(bundles, repository));

describe('a policy that is for one repository', () => {
  it('decides on that one alone, and elsewhere its level is as if it were not there', () => {
    expect(everywhere([permitting, activeOn(bundle('no', 'forbid'), '/a')])).toEqual([
      ...['deny', 'permit', 'permit'],
    ]);
    expect(everywhere([permitting, bundle('no', 'forbid')])).toEqual(['deny', 'deny', 'deny']);
    expect(everywhere([permitting, activeOn(bundle('yes', 'permit'), '/a')])).toEqual([
      ...['permit', 'permit', 'permit'],
    ]);
  });

  it('widens nothing of its level anywhere else, nor of another one anywhere', () => {
    const everybody = bundle('yes', 'permit');
    const one = activeOn(bundle('mine', 'permit'), '/a');
    const held = bundle('no', 'forbid');
    expect(everywhere([permitting, held, one])).toEqual(['deny', 'deny', 'deny']);
    expect(everywhere([one])).toEqual(['permit', 'deny', 'deny']);
    expect(everywhere([bundle('no', 'forbid', 'tenant'), everybody, one])).toEqual([
      ...['deny', 'deny', 'deny'],
    ]);
  });

  it('is no member of the set of another repository, where the same ids may be', () => {
    const [a, b] = [activeOn(bundle('x', 'permit'), '/a'), activeOn(bundle('x', 'forbid'), '/b')];
    expect(everywhere([permitting, a, b])).toEqual(['permit', 'deny', 'permit']);
    const twice = compilePolicySet([permitting, a, bundle('x', 'forbid')]);
    expect(twice.ok ? '' : twice.refusal.code).toBe('policy.invalid');
  });

  it.each<Level>(['organisation', 'tenant', 'run'])('is none of the level %s', (level) => {
    const set = compilePolicySet([permitting, activeOn(bundle('x', 'permit', level), '/a')]);
    expect(set.ok ? '' : set.refusal.code).toBe('policy.invalid');
  });

  it('has the repository in the digest of the set, and one that has none the digest of before', () => {
    const of = bundle('x', 'permit');
    const digests = [of, activeOn(of, '/a'), activeOn(of, '/b')].map((each) =>
      policySetDigest([each]),
    );
    expect(new Set(digests).size).toBe(3);
    expect(policySetDigest([activeOn(of, undefined)])).toBe(digests[0]);
  });
});

describe('an activation for one repository', () => {
  const [ledger, by] = [someDigest('ledger'), signerFrom(3)];
  const place = { ledger, after: ledger };
  const of = bundle('x', 'permit');
  const request = { ledger, after: ledger, bundle: of, policySet: someDigest('set'), by };

  it('names it under the signature, and one of before names none', () => {
    const scoped = activateBundle({ ...request, repository: '/a' });
    expect(valueOf(readActivation(scoped, place))).toMatchObject({ repository: '/a' });
    const whole = activateBundle(request);
    expect(valueOf(readActivation(whole, place)).repository).toBeUndefined();
    const moved = readActivation({ ...scoped, activation: whole.activation }, place);
    expect(valueOf(moved).repository).toBeUndefined();
  });

  it.each([null, '', 7, ['/a'], 'x'.repeat(5_000)])('is refused for %j', (repository) => {
    const scoped = activateBundle(request);
    const payload = { v: 1, ledger, after: ledger, bundle: scoped.bundle, repository };
    const type = 'application/vnd.chancery.activation+json';
    const read = readActivation(
      { ...scoped, activation: sealEnvelope(type, payload, [by]) },
      place,
    );
    expect(read.ok ? '' : read.refusal.code).toBe('envelope.invalid');
  });
});

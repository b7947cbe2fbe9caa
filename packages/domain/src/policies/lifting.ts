import { isJsonObject, type Digest, type Json } from '@chancery/kernel/encoding';
import { bundleIn, ruleDigest, type ActiveBundle, type Level } from '@chancery/kernel/policy';

/** A rule that lifts a hold by the name of the rule that holds, whatever that comes to say. */
export interface LooseLift {
  /** `level/name` of its bundle. */
  readonly bundle: string;
  readonly level: Level;
  readonly rule: string;
  readonly lifts: string;
}

/** Rules that lift without the digest of what they lift, as they were made before there was one. */
export function looseLifts(bundles: readonly ActiveBundle[]): readonly LooseLift[] {
  return bundles.map(bundleIn).flatMap(({ level, name, policies }) =>
    Object.entries(policies.staticPolicies).flatMap(([rule, policy]) => {
      const annotations = isJsonObject(policy) ? policy['annotations'] : undefined;
      const { lifts, digest } = isJsonObject(annotations) ? annotations : {};
      if (typeof lifts !== 'string' || digest !== undefined) return [];
      return [{ bundle: `${level}/${name}`, level, rule, lifts }];
    }),
  );
}

/** Digests of the rules of an id at a level; there are several where they are for repositories. */
export function rulesCalled(
  bundles: readonly ActiveBundle[],
  { level, lifts }: Pick<LooseLift, 'level' | 'lifts'>,
): readonly Digest[] {
  return bundles.map(bundleIn).flatMap((bundle) => {
    const policy: Json | undefined = bundle.policies.staticPolicies[lifts];
    return bundle.level !== level || policy === undefined ? [] : [ruleDigest(policy)];
  });
}

/** The first loose lift under which another rule of its name would come to stand than stands there now. */
export function changedUnder(
  active: readonly ActiveBundle[],
  next: readonly ActiveBundle[],
): LooseLift | undefined {
  return looseLifts(next).find((lift) => {
    const before = new Set(rulesCalled(active, lift));
    return rulesCalled(next, lift).some((digest) => !before.has(digest));
  });
}

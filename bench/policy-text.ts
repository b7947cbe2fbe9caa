import { RefusalError, type Result } from '@chancery/kernel/refusal';

const rules = 100;

/** Conditions as policies have them: comparison, path, set, programs, flags. */
const conditions = [
  'context.riskLevel < 3 && context.left.calls > 0',
  'context has path && context.path like "src/*.ts"',
  '["write", "external"].contains(context.effect)',
  'context.programs.containsAny(["curl", "wget", "nc"])',
  '!context.unsandboxed && context.depth <= 4',
];

/** A hundred rules as people write them; each is scoped as `scopeOf` says. */
export function policyText(scopeOf: (index: number) => string): string {
  return Array.from({ length: rules }, (_, index) => {
    // The condition on programs does not hold for a file: nothing is forbidden.
    const effect = index % conditions.length === 3 ? 'forbid' : 'permit';
    const condition = conditions[index % conditions.length] ?? 'true';
    const scope = `principal, action == Action::"act", ${scopeOf(index)}`;
    return `@id("r${index}") ${effect} (${scope}) when { ${condition} };`;
  }).join('\n');
}

/** Ten of the rules are about `fs.write`. */
export const byName = (index: number): string =>
  `resource == Capability::"${index < 10 ? 'fs.write' : `other.c${index}`}"`;
/** All rules are about the group of `fs.write`. */
export const inGroup = (): string => 'resource in CapabilityGroup::"fs"';

/** @throws {RefusalError} for a refusal. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}

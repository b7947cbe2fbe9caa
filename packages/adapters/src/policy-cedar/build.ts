import { isJsonObject, maxDepth, type Json, type JsonObject } from '@chancery/kernel/encoding';
import { compilePolicySet, type Bundle, type Level } from '@chancery/kernel/policy';
import { done, type Refused, type Result } from '@chancery/kernel/refusal';
import { checkBounds, tooDeep } from './bounds.ts';
import { askCedar } from './cedar.ts';
import { formatPolicy } from './format.ts';
import { refusedAt, refusedBy, wholeOf } from './refused.ts';
import { schemaDigest, schemaText } from './schema.ts';
import { readSource, type RuleSource } from './source.ts';

export interface BundleSource {
  readonly name: string;
  readonly level: Level;
  /** Policies in Cedar's language. */
  readonly text: string;
}

/** A policy by its `@id`, with where it stands. */
interface ParsedRule {
  readonly id: string;
  readonly source: RuleSource;
  readonly policy: JsonObject;
}

/**
 * Builds a bundle from text: parsed, validated in strict mode against the published schema and
 * formatted by Cedar's own library, comments kept. Refuses with `policy.invalid`, naming line and
 * column, what Cedar refuses or warns of (a rule that can never match), an integer beyond
 * ±(2⁵³−1), a rule without an `@id` of its own, annotations that Chancery does not know, and what
 * is too long or too deep to be read.
 */
export function buildBundle({ name, level, text }: BundleSource): Result<Bundle> {
  const unbounded = checkBounds(text);
  if (unbounded !== undefined) return unbounded;
  const { rules: sources, integers } = readSource(text);
  for (const { digits, offset } of integers) {
    // Cedar's conversion to JSON would round it and say nothing.
    if (!Number.isSafeInteger(Number(digits))) {
      return refusedAt(text, offset, 'an integer is beyond ±(2^53-1)');
    }
  }
  const rules = parseRules(text, sources);
  if (!rules.ok) return rules;
  const wrong = validate(text, rules.value);
  if (wrong !== undefined) return wrong;
  const formatted = formatPolicy(text);
  if (!formatted.ok) return formatted;
  const policies = Object.fromEntries(rules.value.map(({ id, policy }) => [id, policy]));
  const bundle: Bundle = {
    v: 1,
    name,
    level,
    policies: { staticPolicies: policies, templates: {}, templateLinks: [] },
    text: formatted.value,
    schema: schemaDigest,
  };
  return checkCompiles(text, rules.value, bundle);
}

function parseRules(text: string, sources: readonly RuleSource[]): Result<ParsedRule[]> {
  const rules = new Map<string, ParsedRule>();
  for (const source of sources) {
    const answer = askCedar((cedar) => cedar.policyToJson(source.text));
    if (!answer.ok) return answer;
    const parsed = answer.value;
    if (parsed.type === 'failure') return refusedBy(text, source, parsed.errors[0]);
    const id = parsed.json.annotations?.['id'];
    if (id === undefined) return refusedAt(text, source.start, 'the rule has no @id("...")');
    if (rules.has(id)) return refusedAt(text, source.start, `a rule before has the id ${id} too`);
    const policy = parsed.json as unknown as JsonObject;
    if (depthOf(policy) > maxDepth - depthAbovePolicy) {
      return refusedAt(text, source.start, tooDeep);
    }
    rules.set(id, { id, source, policy });
  }
  return done([...rules.values()]);
}

/** Levels of nesting in a bundle above a policy. */
const depthAbovePolicy = 3;

function depthOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members: readonly Json[] = isJsonObject(value) ? Object.values(value) : value;
  return 1 + members.reduce<number>((deepest, member) => Math.max(deepest, depthOf(member)), 0);
}

function validate(text: string, rules: readonly ParsedRule[]): Refused | undefined {
  const staticPolicies = Object.fromEntries(rules.map(({ id, source }) => [id, source.text]));
  const validated = askCedar((cedar) =>
    cedar.validate({
      validationSettings: { mode: 'strict' },
      schema: schemaText,
      policies: { staticPolicies },
    }),
  );
  if (!validated.ok) return validated;
  const answer = validated.value;
  if (answer.type === 'failure') return refusedBy(text, wholeOf(text), answer.errors[0]);
  const [first] = [...answer.validationErrors, ...answer.validationWarnings];
  if (first === undefined) return undefined;
  const source = rules.find(({ id }) => id === first.policyId)?.source ?? wholeOf(text);
  return refusedBy(text, source, first.error);
}

/** The kernel has the last word on whether it can evaluate the rules. */
function checkCompiles(text: string, rules: readonly ParsedRule[], bundle: Bundle): Result<Bundle> {
  const compiled = compilePolicySet([bundle]);
  if (compiled.ok) return done(bundle);
  const { message, details } = compiled.refusal;
  const rule = rules.find(({ id }) => id === details['rule']);
  return refusedAt(text, rule?.source.start ?? 0, message);
}

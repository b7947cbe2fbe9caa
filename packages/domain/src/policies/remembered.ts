import type { Question } from '@chancery/kernel/compiler';
import {
  isJsonObject,
  objectDigest,
  type Digest,
  type Json,
  type JsonObject,
  type KeyId,
} from '@chancery/kernel/encoding';
import type { Body } from '@chancery/kernel/ledger';
import {
  countingOn,
  ruleDigest,
  type ActiveBundle,
  type Bundle,
  type CedarValue,
  type Level,
} from '@chancery/kernel/policy';
import { done, refused, type Result } from '@chancery/kernel/refusal';

/** A held action, as its proposal tells it, and who proposed it. */
export interface HeldDecision extends Pick<
  Body<'proposal.suspended'>,
  'actionDigest' | 'effects' | 'hold' | 'rules'
> {
  readonly question: Question;
  readonly actor: KeyId;
}

/** The text of a bundle of one rule, by which an action would not have been held. */
export interface RememberedRule extends Pick<Bundle, 'name' | 'level' | 'text'> {
  /** Id of the rule whose hold it lifts. */
  readonly lifts: string;
}

export interface Remembering {
  /** When it ends, milliseconds since the epoch. */
  readonly untilMs: number;
  /** The bundles that are active. */
  readonly active: readonly ActiveBundle[];
}

const prefix = 'remembered-';

/** Longest text of a command or a path that is told in the rule, beside the digest of all arguments. */
const readableChars = 200;

/**
 * The narrowest rule by which this action is not held the next time: this agent, this capability in
 * this version, these very arguments with these effects, on this repository, in a run that has seen no
 * more than this one, until `untilMs`. It lifts the one hold that held the action, as long as the rule
 * that holds is the one that is active now, and permits nothing. Refuses `grant.not-rememberable`.
 */
export function rememberedRule(
  held: HeldDecision,
  { untilMs, active }: Remembering,
): Result<RememberedRule> {
  const holding = holdingRules(held, active);
  const why = whyNot(held, holding.length);
  if (why !== undefined) return refused('grant.not-rememberable', why);
  const { question, actor, actionDigest } = held;
  const { capability, context, action } = question;
  const { id: lifts, level } = holding[0] ?? { id: '', level: 'tenant' };
  const digest = digestOf(held, active, { id: lifts, level });
  if (digest === undefined) {
    return refused(
      'grant.not-rememberable',
      `the rule ${lifts} that held it is not active any more`,
    );
  }
  const exact = context['arguments'] ?? '';
  const repository = context['repository'] ?? '';
  const of = { actor, capability: capability.name, exact, lifts, repository };
  const name = `${prefix}${objectDigest('remembered-rule', of).slice(0, 16)}`;
  const text = `// Remembered with the approval of the action ${actionDigest}.
@id("${name}")
@lifts("${lifts}") @digest("${digest}")
permit (
  principal == Agent::${quoted(actor)},
  action == Action::${quoted(action)},
  resource == Capability::${quoted(capability.name)}
)
when { ${conditions(question, untilMs).join(' && ')} };
`;
  return done({ name, level: level as Level, text, lifts });
}

type Mark = HeldDecision['rules'][number];

/**
 * The rules that hold an action and that nothing lifted. What lifts is read as it is active now: a rule
 * that is lifted no more holds the next time.
 */
function holdingRules(held: HeldDecision, active: readonly ActiveBundle[]): readonly Mark[] {
  const lifts = held.rules
    .filter(({ effect }) => effect === 'lift')
    .map(({ id, level }) => ({ level, ...annotated(activePolicy(held, active, { id, level })) }));
  return held.rules.filter(({ effect, id, level }) => {
    if (effect !== 'hold') return false;
    const rule = digestOf(held, active, { id, level });
    return !lifts.some(
      ({ level: at, lifts: lifted, digest }) =>
        at === level && lifted === id && (digest === undefined || digest === rule),
    );
  });
}

/** Digest of the rule that held an action, as it stands on its repository. */
function digestOf(
  held: HeldDecision,
  active: readonly ActiveBundle[],
  mark: Pick<Mark, 'id' | 'level'>,
): Digest | undefined {
  const policy = activePolicy(held, active, mark);
  return policy === undefined ? undefined : ruleDigest(policy);
}

/** The rule of this id and level that counts on the repository of an action. */
function activePolicy(
  { question }: HeldDecision,
  active: readonly ActiveBundle[],
  { id, level }: Pick<Mark, 'id' | 'level'>,
): Json | undefined {
  const { repository } = question.context;
  const counting = countingOn(active, typeof repository === 'string' ? repository : undefined);
  const bundle = counting.find(
    (each) => each.level === level && id in each.policies.staticPolicies,
  );
  return bundle?.policies.staticPolicies[id];
}

/** Whether a bundle is one that was remembered: of one rule, which lifts a hold. */
export function isRemembered({ name, policies }: Bundle): boolean {
  return name.startsWith(prefix) && liftedBy({ policies }) !== undefined;
}

/** Id of the rule whose hold the one rule of a bundle lifts; undefined for any other bundle. */
export function liftedBy({ policies }: Pick<Bundle, 'policies'>): string | undefined {
  const [policy, other] = Object.values(policies.staticPolicies);
  return other === undefined ? annotated(policy).lifts : undefined;
}

/** What a rule lifts, and the digest of that as it was then. */
function annotated(policy: Json | undefined): {
  readonly lifts: string | undefined;
  readonly digest: string | undefined;
} {
  const annotations = isJsonObject(policy) ? policy['annotations'] : undefined;
  const { lifts, digest } = isJsonObject(annotations) ? annotations : {};
  return {
    lifts: typeof lifts === 'string' ? lifts : undefined,
    digest: typeof digest === 'string' ? digest : undefined,
  };
}

/** How far a rule that was remembered reaches. */
export interface Reach {
  /** The one repository that it counts on; null where it counts on all. */
  readonly repository: string | null;
  /** From when on it lifts nothing, milliseconds since the epoch; null where it has no end. */
  readonly untilMs: number | null;
}

/** Reads it out of the rule itself. What is not bound by every condition is not told as bound. */
export function reachOf({ policies }: Pick<Bundle, 'policies'>): Reach {
  const [policy] = Object.values(policies.staticPolicies);
  const clauses = isJsonObject(policy) ? policy['conditions'] : undefined;
  const parts = (Array.isArray(clauses) ? (clauses as readonly Json[]) : []).flatMap((clause) =>
    isJsonObject(clause) && clause['kind'] === 'when' ? conjuncts(clause['body']) : [],
  );
  const bounds = (op: '==' | '<', attr: string): readonly Json[] =>
    parts.flatMap((part) => boundIn(part, op, attr));
  const repository = bounds('==', 'repository').find((value) => typeof value === 'string');
  const ends = bounds('<', 'timeMs').filter((value) => typeof value === 'number');
  return { repository: repository ?? null, untilMs: ends.length === 0 ? null : Math.min(...ends) };
}

function conjuncts(expression: Json | undefined): readonly JsonObject[] {
  if (!isJsonObject(expression)) return [];
  const both = expression['&&'];
  if (!isJsonObject(both)) return [expression];
  return [...conjuncts(both['left']), ...conjuncts(both['right'])];
}

/** What a member of the context is compared with, where this is such a comparison. */
function boundIn(part: JsonObject, op: '==' | '<', attr: string): readonly Json[] {
  const compared = part[op];
  if (!isJsonObject(compared)) return [];
  const { left, right } = compared;
  const access = isJsonObject(left) ? left['.'] : undefined;
  const variable = isJsonObject(access) && access['attr'] === attr ? access['left'] : undefined;
  const isOfContext = isJsonObject(variable) && variable['Var'] === 'context';
  const value = isJsonObject(right) ? right['Value'] : undefined;
  return isOfContext && value !== undefined ? [value] : [];
}

function whyNot({ question, hold, effects }: HeldDecision, holding: number): string | undefined {
  const { holds, context } = question;
  if (hold.quorum > 1) return `it takes ${hold.quorum} to approve it, each time`;
  if (effects.includes('irreversible') || textsIn(context['does']).includes('irreversible')) {
    return 'it cannot be undone';
  }
  if (holds.length > 0) return `it is held whatever policy says: ${holds.join(', ')}`;
  if (holding !== 1) return `${holding} rules hold it`;
  if (textsIn(context['roles']).includes('credential'))
    return 'it is lent a secret, each time by a human';
  const { command } = context;
  if (textsIn(context['programs']).includes('unknown')) {
    return 'what it runs cannot be told, and may be something else the next time';
  }
  const [, file] = (typeof command === 'string' && fileRun.exec(command)) || [];
  if (file !== undefined) return `it runs the file ${file}, which may be another the next time`;
  return typeof context['arguments'] === 'string' && typeof context['repository'] === 'string'
    ? undefined
    : 'what its arguments and its repository are was not recorded with the question';
}

/** A program that a line names by its path, at the beginning of one of its commands. */
const fileRun = /(?:^|[\n;&|(`])\s*(?:\w+=\S*\s+)*([^\s;&|]*\/[^\s;&|]+)/;

function textsIn(value: CedarValue | undefined): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.filter((each) => typeof each === 'string');
}

function conditions({ capability, context }: Question, untilMs: number): readonly string[] {
  const { effects, labels, facts, unsandboxed, command, path } = context;
  const seen = isFacts(facts) ? facts : {};
  return [
    `resource.version == ${quoted(capability.version)}`,
    `context has arguments && context.arguments == ${quoted(context['arguments'])}`,
    `context has repository && context.repository == ${quoted(context['repository'])}`,
    `context.timeMs < ${untilMs}`,
    `context.effects == ${setOf(effects)}`,
    ...(unsandboxed === true ? [] : ['!context.unsandboxed']),
    isEmpty(labels) ? 'context.labels.isEmpty()' : `${setOf(labels)}.containsAll(context.labels)`,
    ...(seen['readSecret'] === true ? [] : ['!context.facts.readSecret']),
    ...(seen['sawUntrusted'] === true ? [] : ['!context.facts.sawUntrusted']),
    ...readable('command', command),
    ...ran(context),
    ...readable('path', path),
  ];
}

/** What a line runs may be another the next time: a script of the package that it names. */
function ran({ command, programs, does }: Question['context']): readonly string[] {
  if (command === undefined || isEmpty(programs)) return [];
  const deeds =
    does === undefined || isEmpty(does)
      ? []
      : [`context has does && context.does == ${setOf(does)}`];
  return [`context.programs == ${setOf(programs)}`, ...deeds];
}

/** Tells a person what the digest of the arguments stands for. */
function readable(member: string, value: CedarValue | undefined): readonly string[] {
  if (typeof value !== 'string' || value.length > readableChars) return [];
  return [`context has ${member} && context.${member} == ${quoted(value)}`];
}

function isFacts(value: CedarValue | undefined): value is Readonly<Record<string, CedarValue>> {
  return typeof value === 'object' && !Array.isArray(value);
}

function isEmpty(value: CedarValue | undefined): boolean {
  return Array.isArray(value) && value.length === 0;
}

function setOf(value: CedarValue | undefined): string {
  const items = Array.isArray(value) ? (value as readonly CedarValue[]) : [];
  return `[${items.map(quoted).join(', ')}]`;
}

/** A text as Cedar reads it: whatever is not plain ASCII is escaped, so that nothing hides in it. */
function quoted(value: CedarValue | undefined): string {
  const text = typeof value === 'string' ? value : '';
  const escaped = Array.from(text, (char) =>
    /^[ !#-[\]-~]$/.test(char) ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return `"${escaped.join('')}"`;
}

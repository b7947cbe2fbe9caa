import { effects, risks } from '@chancery/kernel/contract';
import type { CedarEntity, CedarValue, PolicyRequest } from '@chancery/kernel/policy';

/** What members of one record the published schema has. */
export type Members = Readonly<Record<string, MemberForm>>;

export interface MemberForm {
  /** `texts` is a set of texts. */
  readonly type: 'text' | 'number' | 'truth' | 'texts' | Members;
  readonly optional: boolean;
}

/** The form of a question to policy, as the published schema has it. */
export interface RequestForm {
  readonly context: Members;
  /** Of the capability. */
  readonly resource: Members;
  readonly actions: readonly string[];
}

/** What is known of a capability that a question could be about. */
export type CapabilityAttributes = Readonly<Record<string, string>>;

/** By the names of capabilities. */
export type KnownCapabilities = ReadonlyMap<string, CapabilityAttributes>;

/**
 * One member of a question that could be another. The member is `effect` or `facts.readSecret` for one
 * of the context, `principal`, `action` or `resource` for these, and `resource.risk` for what is said
 * of the capability.
 */
export interface Change {
  readonly member: string;
  /** Undefined where it would not be there. The id alone for `principal`, `action` and `resource`. */
  readonly to: CedarValue | undefined;
}

type Context = PolicyRequest['context'];
type Variable = 'principal' | 'action' | 'resource';

const ofCapability = 'resource.';

/** What a member is; undefined where it is not there. */
export function valueAt(request: PolicyRequest, member: string): CedarValue | undefined {
  if (isVariable(member)) return request[member].id;
  if (!member.startsWith(ofCapability)) return inside(request.context, member.split('.'));
  return entityOf(request, 'resource')?.attrs[member.slice(ofCapability.length)];
}

export function isVariable(member: string): member is Variable {
  return member === 'principal' || member === 'action' || member === 'resource';
}

/** The form of a member; undefined for what the schema has not. */
export function formOf(form: RequestForm, member: string): MemberForm | undefined {
  if (isVariable(member)) return { type: 'text', optional: false };
  if (member.startsWith(ofCapability)) {
    return own(form.resource, member.slice(ofCapability.length));
  }
  let members: Members = form.context;
  let found: MemberForm | undefined;
  for (const name of member.split('.')) {
    found = own(members, name);
    if (found === undefined) return undefined;
    members = typeof found.type === 'string' ? {} : found.type;
  }
  return found;
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Words that a member is one of, or a set of; undefined where any text does. */
export function wordsOf(form: RequestForm, member: string): readonly string[] | undefined {
  if (member === 'action') return form.actions;
  return words[member];
}

const words: Readonly<Record<string, readonly string[]>> = {
  ...{ effect: effects, effects, 'resource.effect': effects },
  ...{ risk: risks, 'resource.risk': risks },
};

/** No number of a question is below zero. */
export function mostOf(member: string): number {
  return member === 'riskLevel' ? risks.length - 1 : Number.MAX_SAFE_INTEGER;
}

/** The question with these changes, one after the other. What it tells twice changes in both places. */
export function changed(
  request: PolicyRequest,
  changes: readonly Change[],
  known: KnownCapabilities,
): PolicyRequest {
  return changes.reduce((asked, change) => withChange(asked, change, known), request);
}

function withChange(
  request: PolicyRequest,
  { member, to }: Change,
  known: KnownCapabilities,
): PolicyRequest {
  if (isVariable(member)) return withVariable(request, member, textOf(to), known);
  if (member.startsWith(ofCapability)) {
    const name = member.slice(ofCapability.length);
    return withEntity(request, 'resource', ({ attrs, ...entity }) => ({
      ...entity,
      attrs: put(attrs, [name], to),
    }));
  }
  const context = put(request.context, member.split('.'), to);
  return { ...request, context: alongside[member]?.(context, to) ?? context };
}

/** Members that say what another one says. */
const alongside: Readonly<
  Record<string, (context: Context, to: CedarValue | undefined) => Context>
> = {
  effect: (context, to) => ({ ...context, effects: to === undefined ? [] : [to] }),
  effects: (context, to) => {
    const strongest = effects.findLast((effect) => textsOf(to).includes(effect));
    return strongest === undefined ? context : { ...context, effect: strongest };
  },
  path: (context, to) => ({ ...context, paths: to === undefined ? [] : [to] }),
  paths: (context, to) => {
    const [path, other] = textsOf(to);
    return put(context, ['path'], other === undefined ? path : undefined);
  },
  risk: (context, to) => ({ ...context, riskLevel: risks.findIndex((risk) => risk === to) }),
  riskLevel: (context, to) => put(context, ['risk'], risks[Number(to)]),
};

function withVariable(
  request: PolicyRequest,
  variable: Variable,
  id: string,
  known: KnownCapabilities,
): PolicyRequest {
  const uid = { type: request[variable].type, id };
  const renamed = withEntity(request, variable, ({ attrs }) => {
    if (variable === 'principal') return { uid, attrs: { ...attrs, key: id }, parents: [] };
    const group = { type: 'CapabilityGroup', id: id.split('.', 1)[0] ?? id };
    return { uid, attrs: { ...attrs, ...known.get(id), name: id }, parents: [group] };
  });
  const groups = renamed.entities.flatMap(({ parents }) => parents);
  const missing = groups.filter(
    (group) => !renamed.entities.some((entity) => isSame(entity.uid, group)),
  );
  const entities = missing.map((group): CedarEntity => ({ uid: group, attrs: {}, parents: [] }));
  return { ...renamed, [variable]: uid, entities: [...renamed.entities, ...entities] };
}

function entityOf(request: PolicyRequest, variable: Variable): CedarEntity | undefined {
  return request.entities.find(({ uid }) => isSame(uid, request[variable]));
}

function withEntity(
  request: PolicyRequest,
  variable: Variable,
  replace: (entity: CedarEntity) => CedarEntity,
): PolicyRequest {
  const entity = entityOf(request, variable);
  const entities = request.entities.map((each) => (each === entity ? replace(each) : each));
  return { ...request, entities };
}

function isSame(a: CedarEntity['uid'], b: CedarEntity['uid']): boolean {
  return a.type === b.type && a.id === b.id;
}

function inside(context: Context, names: readonly string[]): CedarValue | undefined {
  let value: CedarValue | undefined = context;
  for (const name of names) {
    if (typeof value !== 'object' || Array.isArray(value)) return undefined;
    value = (value as Context)[name];
  }
  return value;
}

function put(
  record: Context,
  [name = '', ...rest]: readonly string[],
  to: CedarValue | undefined,
): Context {
  const { [name]: present, ...others } = record;
  if (rest.length > 0) return { ...others, [name]: put(present as Context, rest, to) };
  return to === undefined ? others : { ...others, [name]: to };
}

function textOf(value: CedarValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The texts of a set. */
export function textsOf(value: CedarValue | undefined): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.filter((item) => typeof item === 'string');
}

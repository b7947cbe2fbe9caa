import type { Frame } from './frame.ts';
import type { EntityUid } from './model.ts';
import type { Rule } from './rule.ts';
import { satisfies, type Constraint, type ScopeVariable } from './scope.ts';

/** Whether the parts of a rule's scope hold that its place in the index does not tell already. */
type Guard = (frame: Frame) => boolean;

/** A rule at its place in the index. */
interface Indexed {
  readonly rule: Rule;
  readonly guard: Guard | undefined;
}

type ByType = Map<string, Indexed[]>;
type ByUid = Map<string, ByType>;

/** The rules whose scope constrains one variable most tellingly. */
interface Shelf {
  readonly equal: ByUid;
  readonly ancestor: ByUid;
  readonly ofType: ByType;
}

/** Variables by how well they usually tell rules apart. */
const variables: readonly ScopeVariable[] = ['resource', 'principal', 'action'];

const noCandidates: readonly Indexed[] = [];

function addTo(map: ByType, type: string, entry: Indexed): void {
  const found = map.get(type);
  if (found === undefined) map.set(type, [entry]);
  else found.push(entry);
}

function addByUid(map: ByUid, uid: EntityUid, entry: Indexed): void {
  let found = map.get(uid.id);
  if (found === undefined) {
    found = new Map();
    map.set(uid.id, found);
  }
  addTo(found, uid.type, entry);
}

/** Places each rule by the one constraint of its scope that rules out most requests. */
export class RuleIndex {
  private readonly shelves: Readonly<Record<ScopeVariable, Shelf>>;
  private readonly everywhere: Indexed[] = [];

  constructor(rules: readonly Rule[]) {
    const shelf = (): Shelf => ({ equal: new Map(), ancestor: new Map(), ofType: new Map() });
    this.shelves = { principal: shelf(), action: shelf(), resource: shelf() };
    for (const rule of rules) this.place(rule);
  }

  private place(rule: Rule): void {
    const chosen =
      choose(rule, ({ op }) => op === 'equals') ??
      choose(rule, (constraint) => constraint.op === 'in' && constraint.uids.length === 1) ??
      choose(rule, ({ op }) => op === 'is');
    if (chosen === undefined) {
      this.everywhere.push({ rule, guard: guardOf(rule, undefined) });
      return;
    }
    const constraint = rule.scope[chosen];
    const shelf = this.shelves[chosen];
    switch (constraint.op) {
      case 'equals':
        addByUid(shelf.equal, constraint.uid, { rule, guard: guardOf(rule, chosen) });
        break;
      case 'is':
        addTo(shelf.ofType, constraint.type, { rule, guard: guardOf(rule, chosen) });
        break;
      case 'in': {
        const implied = constraint.type === undefined ? chosen : undefined;
        for (const uid of constraint.uids) {
          addByUid(shelf.ancestor, uid, { rule, guard: guardOf(rule, implied) });
        }
        break;
      }
      case 'all':
        break;
    }
  }

  /** Calls `visit` once with each rule whose scope the request is in, in no certain order. */
  visit(frame: Frame, visit: (rule: Rule) => void): void {
    visitAll(this.everywhere, frame, visit);
    for (const variable of variables) {
      const { equal, ancestor, ofType } = this.shelves[variable];
      const uid = frame[variable];
      if (equal.size > 0) visitAll(equal.get(uid.id)?.get(uid.type), frame, visit);
      if (ofType.size > 0) visitAll(ofType.get(uid.type), frame, visit);
      if (ancestor.size > 0) {
        for (const { id, type } of frame.lineage(uid)) {
          visitAll(ancestor.get(id)?.get(type), frame, visit);
        }
      }
    }
  }
}

function visitAll(
  entries: readonly Indexed[] = noCandidates,
  frame: Frame,
  visit: (rule: Rule) => void,
): void {
  for (const { rule, guard } of entries) {
    if (guard === undefined || guard(frame)) visit(rule);
  }
}

function choose(rule: Rule, fits: (constraint: Constraint) => boolean): ScopeVariable | undefined {
  return variables.find((variable) => fits(rule.scope[variable]));
}

/** Checks the scope but for what is `implied`. */
function guardOf({ scope }: Rule, implied: ScopeVariable | undefined): Guard | undefined {
  const open = variables.filter((variable) => variable !== implied && scope[variable].op !== 'all');
  if (open.length === 0) return undefined;
  return (frame) => {
    for (const variable of open) if (!satisfies(frame, variable, scope[variable])) return false;
    return true;
  };
}

import type { Digest, Json, JsonObject } from '../encoding/index.ts';

export type Level = 'organisation' | 'tenant' | 'repository' | 'run';

export const levels: readonly Level[] = ['organisation', 'tenant', 'repository', 'run'];

/** Cedar's JSON policy-set format. A bundle holds whole policies, by their `@id`, no templates. */
export interface BundlePolicies {
  readonly staticPolicies: JsonObject;
  readonly templates: JsonObject;
  readonly templateLinks: readonly Json[];
}

/** A set of policies in Cedar's JSON format, with the text that it was made from. */
export interface Bundle {
  readonly v: 1;
  readonly name: string;
  readonly level: Level;
  readonly policies: BundlePolicies;
  /** The text, formatted, comments kept. For people; the JSON form alone is evaluated. */
  readonly text: string;
  /** Digest of the Cedar schema that it was validated against. */
  readonly schema: Digest;
}

/** Identifies a Cedar entity. */
export interface EntityUid {
  readonly type: string;
  readonly id: string;
}

/** A reference to an entity within a value, as Cedar's JSON writes it. */
export interface EntityReference {
  readonly __entity: EntityUid;
}

/** A value of Cedar as its JSON writes it: integers only, arrays are sets, objects are records. */
export type CedarValue =
  | boolean
  | number
  | string
  | readonly CedarValue[]
  | EntityReference
  | { readonly [key: string]: CedarValue };

export interface CedarEntity {
  readonly uid: EntityUid;
  readonly attrs: Readonly<Record<string, CedarValue>>;
  readonly parents: readonly EntityUid[];
}

export interface PolicyRequest {
  readonly principal: EntityUid;
  readonly action: EntityUid;
  readonly resource: EntityUid;
  readonly context: Readonly<Record<string, CedarValue>>;
  /** Each entity once; a handful, for they are looked up one after another. */
  readonly entities: readonly CedarEntity[];
}

/** Exactly what Cedar answers (isAuthorized of version 4). */
export interface CedarAnswer {
  readonly decision: 'allow' | 'deny';
  /** Ids of the determining policies, in code unit order. */
  readonly reasons: readonly string[];
  /** Ids of the policies that failed to evaluate, in code unit order. */
  readonly errors: readonly string[];
}

/** A rule that mattered, as it is recorded. */
export interface RuleMark {
  readonly id: string;
  readonly level: Level;
  readonly effect: 'permit' | 'forbid' | 'hold' | 'lift' | 'shadow' | 'error';
}

/** Our verdict on top of Cedar's answer, over all levels. */
export type PolicyVerdict =
  | { readonly kind: 'permit'; readonly rules: readonly RuleMark[] }
  | {
      readonly kind: 'deny';
      readonly rules: readonly RuleMark[];
      readonly advice: string | undefined;
      /** Levels that have policies of which none permits, where nothing forbids. */
      readonly unpermitted?: readonly Level[];
    }
  | { readonly kind: 'error'; readonly rules: readonly RuleMark[]; readonly message: string }
  | {
      readonly kind: 'hold';
      readonly rules: readonly RuleMark[];
      readonly channel: string;
      /** Number of approvals that are needed. */
      readonly quorum: number;
      readonly rule: string;
      readonly advice: string | undefined;
      /** No rule that is active holds it, but one of the run's own. */
      readonly byRun?: true;
      /** Rules that would hold it too, had none lifted them; none where it is left out. */
      readonly lifted?: readonly RuleMark[];
    };

/** Compiled bundles of all levels, and the digest over all of them. */
export interface PolicySet {
  readonly digest: Digest;
  /** Evaluates all levels; all must permit. Pure; errors inside are values. */
  readonly decide: (request: PolicyRequest) => PolicyVerdict;
}

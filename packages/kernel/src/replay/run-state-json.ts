import { dimensions, type Amounts } from '../account/index.ts';
import {
  closed,
  isCount,
  isDigest,
  isJsonObject,
  misfit,
  objectDigest,
  textOf,
  type Digest,
  type Form,
  type Json,
  type JsonObject,
} from '../encoding/index.ts';
import { checkBody, type Body, type Kind } from '../ledger/index.ts';
import type { World } from '../world/index.ts';
import type { RunCounts, RunFacts, RunStand } from './run-state-model.ts';

/** Names the state of a run. Equal states have equal digests, on every machine and in every store. */
export function runStateDigest(facts: RunFacts): Digest {
  return objectDigest('run-state', runStateJson(facts));
}

/** The state as a snapshot keeps it. */
export function runStateJson(facts: RunFacts): JsonObject {
  const { stream, head, startedAtMs, lastAtMs, spent, stand, counts, decided } = facts;
  return {
    ...{ stream, startedAtMs, lastAtMs },
    head: head === null ? null : { seq: head.seq, digest: head.digest },
    started: facts.started ?? null,
    finished: facts.finished ?? null,
    world: worldJson(facts.world),
    spent: { ...spent },
    reserved: objectOf(facts.reserved, (amounts) => ({ ...amounts })),
    stand: { ...stand },
    counts: { ...counts },
    compilers: objectOf(decided.compilers, (seq) => seq),
    policies: objectOf(decided.policies, (seq) => seq),
  };
}

/** The facts in what `runStateJson` wrote; undefined for anything else. */
export function readRunState(json: JsonObject): RunFacts | undefined {
  if (misfit(json, stateForm) !== undefined) return undefined;
  const { stream, head, startedAtMs, lastAtMs, started, finished, spent, stand, counts } =
    json as unknown as SavedState;
  return {
    ...{ stream, head, startedAtMs, lastAtMs },
    started: started ?? undefined,
    finished: finished ?? undefined,
    world: readWorld(json['world'] as unknown as SavedWorld),
    ...{ spent, stand, counts },
    reserved: mapOf<Amounts>(json['reserved']),
    decided: {
      compilers: mapOf<number>(json['compilers']),
      policies: mapOf<number>(json['policies']),
    },
  };
}

interface SavedState extends Pick<RunFacts, 'stream' | 'head' | 'startedAtMs' | 'lastAtMs'> {
  readonly started: Body<'run.started'> | null;
  readonly finished: Body<'run.finished'> | null;
  readonly spent: Amounts;
  readonly stand: RunStand;
  readonly counts: RunCounts;
}

interface SavedWorld {
  readonly clock: number;
  readonly cells: Readonly<Record<string, { readonly version: number; readonly value: Json }>>;
}

function worldJson({ clock, cells }: World): Json {
  return { clock, cells: objectOf(cells, ({ version, value }) => ({ version, value })) };
}

function readWorld({ clock, cells }: SavedWorld): World {
  return { clock, cells: new Map(Object.entries(cells)) };
}

/** `fromEntries` defines own properties, so a key such as __proto__ stays data. */
function objectOf<V>(map: ReadonlyMap<string, V>, json: (value: V) => Json): JsonObject {
  return Object.fromEntries([...map].map(([key, value]) => [key, json(value)]));
}

function mapOf<V>(json: Json | undefined): Map<string, V> {
  return new Map(Object.entries(json as unknown as Readonly<Record<string, V>>));
}

const text = textOf(0, Number.MAX_SAFE_INTEGER);
const amounts = closed(Object.fromEntries(dimensions.map((dimension) => [dimension, isCount])));
const any: Form = (value) => value !== undefined;

const orNull =
  (form: Form): Form =>
  (value) =>
    value === null || form(value);

const objectWith =
  (form: Form): Form =>
  (value) =>
    isJsonObject(value) && Object.values(value).every(form);

const bodyOf =
  (kind: Kind): Form =>
  (value) =>
    checkBody(kind, value) === undefined;

const content: Form = (value) =>
  isJsonObject(value) &&
  (misfit(value, { inline: any }) === undefined ||
    misfit(value, { blob: closed({ digest: isDigest, bytes: isCount, mediaType: text }) }) ===
      undefined);

const standForms: Readonly<Record<RunStand['phase'], Form>> = {
  open: closed({ phase: text }),
  waiting: closed({
    ...{ phase: text, action: isDigest, capability: text, args: content },
    ...{ channel: text, rule: text, reason: text },
  }),
  'in-doubt': closed({ phase: text, action: isDigest, reason: text }),
};

const stand: Form = (value) => {
  const phase = isJsonObject(value) ? value['phase'] : undefined;
  if (typeof phase !== 'string' || !Object.hasOwn(standForms, phase)) return false;
  return standForms[phase as RunStand['phase']](value);
};

const stateForm: Readonly<Record<keyof SavedState | 'world' | 'reserved' | Decided, Form>> = {
  ...{ stream: text, startedAtMs: isCount, lastAtMs: isCount },
  head: orNull(closed({ seq: isCount, digest: isDigest })),
  started: orNull(bodyOf('run.started')),
  finished: orNull(bodyOf('run.finished')),
  world: closed({
    clock: isCount,
    cells: objectWith(closed({ version: isCount, value: any })),
  }),
  spent: amounts,
  reserved: objectWith(amounts),
  stand,
  counts: closed({
    ...{ turns: isCount, commits: isCount, refusals: isCount },
    ...{ holds: isCount, failures: isCount },
  }),
  compilers: objectWith(isCount),
  policies: objectWith(isCount),
};

type Decided = 'compilers' | 'policies';

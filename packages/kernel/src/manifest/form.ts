import { effects, risks, type Author, type Role } from '../contract/index.ts';
import {
  closed,
  exactly,
  isAscending,
  isCount,
  isDigest,
  isJsonObject,
  listOf,
  misfit,
  textOf,
  type Form,
  type Json,
  type JsonObject,
} from '../encoding/index.ts';
import { methods, type Executor, type Manifest } from './model.ts';
import { isOwnHeader } from './own-header.ts';
import { isPointer } from './pointer.ts';
import { readTemplate, templatesIn } from './template.ts';

/** A group and a name in it, `github.pull-request`; the last name `undo` is that of what takes one back. */
const nameForm = /^(?=.{3,64}$)[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+$/;

const versionForm = /^(?:0|[1-9]\d{0,5})(?:\.(?:0|[1-9]\d{0,5})){2}$/;

const argumentForm = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** As a variable of a command may be called that is given a secret, or a header. */
const credentialForm = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

const matching =
  (form: RegExp): Form =>
  (value) =>
    typeof value === 'string' && form.test(value);

const among =
  (values: readonly string[]): Form =>
  (value) =>
    typeof value === 'string' && values.includes(value);

const orNull =
  (form: Form): Form =>
  (value) =>
    value === null || form(value);

const shortList =
  (item: Form, most: number): Form =>
  (value) =>
    listOf(item)(value) && (value as readonly Json[]).length <= most;

const recordOf =
  (name: Form, item: Form): Form =>
  (value) =>
    isJsonObject(value) &&
    Object.keys(value).length <= 64 &&
    Object.entries(value).every(([key, member]) => name(key) && item(member));

const isTemplate: Form = (value) => textOf(0, 8_192)(value) && readTemplate(value as string).ok;

const isJsonTemplate: Form = (value) => value !== undefined && templatesIn(value).every(isTemplate);

const isAt: Form = (value) => textOf(0, 512)(value) && isPointer(value as string);

const isArgument = matching(argumentForm);
const isHeader: Form = (value) => typeof value === 'string' && isOwnHeader(value);
const observed = recordOf(isArgument, isAt);

const codes =
  (most: number): Form =>
  (value) =>
    shortList((each) => isCount(each) && (each as number) <= most, 16)(value) &&
    (value as readonly number[]).length > 0 &&
    (value as readonly number[]).every((each, at, all) => at === 0 || Number(all[at - 1]) < each);

const credentials: Form = (value) =>
  shortList(matching(credentialForm), 8)(value) && isAscending(value as readonly string[]);

const isWords: Form = (value) =>
  shortList(textOf(1, 4_096), 64)(value) && (value as readonly string[]).length > 0;

const isStdio = closed({ kind: exactly('stdio'), argv: isWords });
const isRemote = closed({ kind: exactly('http'), url: textOf(1, 2_048) });

type Members = Readonly<Record<string, Form>>;

const executors: Readonly<Record<Executor['kind'], Members>> = {
  command: {
    kind: exactly('command'),
    argv: (value) => isWords(value) && listOf(isTemplate)(value),
    stdin: orNull(isTemplate),
    credentials,
    output: among(['json', 'text']),
    success: codes(255),
    observed,
  },
  http: {
    kind: exactly('http'),
    method: among(methods),
    url: isTemplate,
    query: recordOf(textOf(1, 128), isTemplate),
    headers: recordOf(isHeader, isTemplate),
    body: isJsonTemplate,
    credentials: (value) => credentials(value) && listOf(isHeader)(value),
    signing: orNull(
      closed({ scheme: exactly('standard-webhooks'), credential: matching(credentialForm) }),
    ),
    success: codes(599),
    observed,
  },
  mcp: {
    kind: exactly('mcp'),
    transport: (value) => isStdio(value) || isRemote(value),
    server: closed({ name: textOf(1, 128), version: textOf(1, 64) }),
    tool: textOf(1, 128),
    definition: isDigest,
    args: (value) => isJsonObject(value) && isJsonTemplate(value),
    credentials,
    observed,
  },
};

/** The form that an executor of its kind has; undefined where there is no such kind. */
function membersOf(value: Json | undefined): Members | undefined {
  const kind = isJsonObject(value) ? value['kind'] : undefined;
  if (typeof kind !== 'string' || !Object.hasOwn(executors, kind)) return undefined;
  return executors[kind as Executor['kind']];
}

const isExecutor: Form = (value) => {
  const members = membersOf(value);
  return members !== undefined && closed(members)(value);
};

const isCondition: Form = (value) =>
  closed({ at: isAt, op: among(['is', 'contains']), value: isJsonTemplate })(value) ||
  closed({ at: isAt, op: among(['exists', 'absent']) })(value);

const conditions: Form = (value) =>
  shortList(isCondition, 8)(value) && (value as readonly Json[]).length > 0;

const reconcileMembers: Members = {
  executor: isExecutor,
  happened: conditions,
  didNotHappen: conditions,
};

const reconcile = orNull(closed(reconcileMembers));

const authors: readonly Author[] = ['service', 'third-party', 'human'];
const roles: readonly Role[] = [
  ...(['destination', 'object', 'path', 'credential'] as const),
  ...(['amount', 'text', 'confirmation', 'command'] as const),
];

/** A closed object of at most 64 members with fit names, as JSON Schema has it; what else it says is for a validator. */
const isShape: Form = (value) => {
  if (value === undefined || !isJsonObject(value)) return false;
  const { type, additionalProperties, properties, required = [] } = value;
  return (
    type === 'object' &&
    additionalProperties === false &&
    recordOf(isArgument, isJsonObject)(properties) &&
    listOf((name) => typeof name === 'string' && Object.hasOwn(properties as object, name))(
      required,
    )
  );
};

const description = textOf(1, 2_048);
const authorsForm = recordOf(isArgument, among(authors));

const limited =
  (least: number, most: number): Form =>
  (value) =>
    isCount(value) && (value as number) >= least && (value as number) <= most;

const compensateMembers: Members = {
  description,
  given: recordOf(isArgument, matching(/^(?:args|output)\.[A-Za-z][A-Za-z0-9_]{0,63}$/)),
  output: isShape,
  authors: authorsForm,
  executor: isExecutor,
  reconcile,
};

/** Members of `Manifest`. */
const manifestForm: Readonly<Record<keyof Manifest, Form>> = {
  v: exactly(1),
  name: (value) => matching(nameForm)(value) && !(value as string).endsWith('.undo'),
  version: matching(versionForm),
  description,
  effect: among(effects),
  risk: among(risks),
  input: isShape,
  output: isShape,
  roles: recordOf(isArgument, among(roles)),
  authors: authorsForm,
  limits: closed({
    timeoutMs: limited(1, 600_000),
    inputBytes: limited(2, 1_048_576),
    outputBytes: limited(2, 262_144),
  }),
  executor: isExecutor,
  reconcile,
  compensate: orNull(closed(compensateMembers)),
};

/**
 * The place at which an object differs from the form of a manifest, such as `compensate.executor.url`;
 * undefined where it has it.
 */
export function misplaced(manifest: JsonObject): string | undefined {
  return wrongPlace(manifest, manifestForm);
}

function wrongPlace(object: JsonObject, members: Members): string | undefined {
  const wrong = misfit(object, members);
  const value = wrong === undefined ? undefined : object[wrong];
  const within = wrong === undefined ? undefined : innerMembers(wrong, value);
  if (wrong === undefined || within === undefined || !isJsonObject(value)) return wrong;
  const below = wrongPlace(value, within);
  return below === undefined ? wrong : `${wrong}.${below}`;
}

function innerMembers(name: string, value: Json | undefined): Members | undefined {
  if (name === 'executor') return membersOf(value);
  if (name === 'reconcile') return reconcileMembers;
  return name === 'compensate' ? compensateMembers : undefined;
}

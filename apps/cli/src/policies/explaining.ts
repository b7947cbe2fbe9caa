import {
  requestOf,
  smallestFlips,
  type Change,
  type Flips,
  type KnownCapabilities,
  type Surroundings,
} from '@chancery/domain/policies';
import { isJsonObject, parseRecord, recordText, type JsonObject } from '@chancery/kernel/encoding';
import {
  compilePolicySet,
  compileRunPolicies,
  countingOn,
  noRunPolicies,
  type ActiveBundle,
  type Bundle,
  type CedarValue,
  type Level,
  type PolicyRequest,
  type PolicyVerdict,
  type RunPolicies,
} from '@chancery/kernel/policy';
import type { DeclaredPrograms } from '@chancery/kernel/programs';
import { Authority } from '@chancery/runtime/authority';
import { ruleTexts } from '@chancery/runtime/projections';
import { defaultBundle, openClock } from '../compose/house.ts';
import {
  checkedRequest,
  commandIn,
  lineOf,
  requestForm,
  surroundings,
  type ReadCommand,
} from '../compose/policies.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { readConfig, type Home } from '../home.ts';
import { reading, type OpenLedger } from '../opening.ts';
import { defaultProtectedPaths } from '../runs/run-terms.ts';
import type { CommonFlags, Session } from '../session.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import { visible, visibleLines } from '../terminal/visible.ts';
import { commandMembers, showCommands } from './commands.ts';
import { activeBundles, manifestsHere } from './listing.ts';
import { recordedDecision, type RecordedDecision } from './recorded-decision.ts';
import { repositoryNamed, type RepositoryFlags } from './repository.ts';
import { policyIn, type SourceFlags } from './source.ts';

export interface ExplainFlags extends SourceFlags, RepositoryFlags, CommonFlags {
  readonly capability: string;
  readonly with: string;
  /** A policy in a file, that stands alone instead of what is active. */
  readonly file?: string;
  /** A recorded action, by its place or its digest, in place of one that is told. */
  readonly action?: string;
}

/** Tells what policy says of an action, by which rules, and what would have to be different. */
export async function explain(
  session: Session,
  command: readonly string[],
  flags: ExplainFlags,
): Promise<number> {
  const file = flags.file === undefined ? undefined : (await policyIn(flags.file, flags)).bundle;
  const { action } = flags;
  if (action !== undefined) {
    if (command.length > 0) refuse('usage.invalid', 'a command line and a recorded action at once');
    if (flags.repo !== undefined) {
      refuse('usage.invalid', 'a repository, and a recorded action that was on one', {
        remedy: 'Leave --repo out.',
      });
    }
    const found = await reading(session.home, (open) => recordedDecision(open, action));
    const bundles = file === undefined ? found.bundles : [file];
    const policy = file === undefined ? 'recorded' : 'file';
    const own = file === undefined ? found.own : noRunPolicies;
    await tell(session, found.request, { policy, bundles, own, found, runs: undefined });
    return exitCodes.ok;
  }
  const { policy, bundles, declared } =
    file === undefined ? await standing(session) : await alone(session, file);
  const told = await toldIn(command, flags.with);
  const line = told['command'];
  const runs = typeof line === 'string' ? await commandIn(line, declared) : undefined;
  const repository = await repositoryNamed(session, flags);
  await tell(session, await asked(session, command, { told, runs, flags, repository }), {
    policy,
    bundles,
    own: noRunPolicies,
    found: undefined,
    runs,
  });
  return exitCodes.ok;
}

/** Whose answer it is; `default` where nothing was founded yet. */
type AskedPolicy = 'active' | 'default' | 'file' | 'recorded';

interface Deciding {
  readonly policy: AskedPolicy;
  readonly bundles: readonly ActiveBundle[];
  /** Policies of the run alone that it was recorded in. */
  readonly own: RunPolicies;
  readonly found: RecordedDecision | undefined;
  /** What is understood of a line that is told; of a recorded one its question tells it. */
  readonly runs: ReadCommand | undefined;
}

interface Standing extends Pick<Deciding, 'policy' | 'bundles'> {
  /** What the ledger tells of programs; undefined where there is none. */
  readonly declared: DeclaredPrograms | undefined;
}

async function alone({ home }: Session, file: Bundle): Promise<Standing> {
  const declared = isFounded(home) ? await reading(home, programsOn) : undefined;
  return { policy: 'file', bundles: [file], declared };
}

/** What is active, or what a ledger would begin with where there is none. */
async function standing({ home }: Session): Promise<Standing> {
  if (!isFounded(home)) {
    return { policy: 'default', bundles: [await defaultBundle()], declared: undefined };
  }
  return reading(home, async (open) => ({
    policy: 'active',
    bundles: await activeBundles(open),
    declared: await programsOn(open),
  }));
}

function isFounded(home: Home): boolean {
  const config = readConfig(home);
  return config.ok || config.refusal.code !== 'ledger.missing';
}

const programsOn = async ({ store, ledger }: OpenLedger): Promise<DeclaredPrograms> =>
  (await new Authority(store, ledger).policies()).programs;

async function tell(session: Session, request: PolicyRequest, deciding: Deciding): Promise<void> {
  const { policy, bundles: all, own, found, runs } = deciding;
  const { repository } = request.context;
  const bundles = countingOn(all, typeof repository === 'string' ? repository : undefined);
  const { decide } = granted(compilePolicySet(bundles)).narrowedBy(own);
  const verdict = decide(request);
  const texts = [...bundles, ...own.bundles];
  const { contracts } = await around(session);
  const possible = { form: await requestForm(), known: attributesOf(contracts) };
  const flips = smallestFlips(request, { bundles: texts, decide, ...possible });
  const without = withoutEach(request, { bundles, own: own.bundles }, verdict);
  const explained = { policy, request, verdict, flips, without, found, runs };
  if (session.json) tellLine(session, explained);
  else show(session, { ...explained, bundles: texts });
}

async function around(session: Session): Promise<Surroundings> {
  const nowMs = (await openClock(0)).nowMs();
  const usual = { protectedPaths: defaultProtectedPaths, nowMs };
  return surroundings(usual, await manifestsHere(session));
}

/** What policy is told of each capability that there is. */
function attributesOf(contracts: Surroundings['contracts']): KnownCapabilities {
  const told = [...contracts].map(([name, { version, effect, risk, manifest }]) => {
    const declared = manifest === undefined ? {} : { manifest };
    return [name, { version, effect, risk, ...declared }] as const;
  });
  return new Map(told);
}

/** Refuses `usage.invalid` and `policy.invalid`. */
async function asked(
  session: Session,
  command: readonly string[],
  { told, runs, flags, repository }: Told & Asking,
): Promise<PolicyRequest> {
  const capability = command.length === 0 ? flags.capability : 'shell.run';
  const usual = await around(session);
  const { commandOf } = usual;
  const known = { ...usual, repository, commandOf: (line: string) => runs ?? commandOf(line) };
  const request = granted(requestOf({ capability, told }, known));
  granted(await checkedRequest(request));
  return request;
}

interface Asking {
  readonly flags: ExplainFlags;
  readonly repository: string | undefined;
}

interface Told {
  readonly told: JsonObject;
  readonly runs: ReadCommand | undefined;
}

async function toldIn(command: readonly string[], text: string): Promise<JsonObject> {
  const line = command.length === 0 ? {} : { command: await lineOf(command) };
  return { ...parsedMembers(text), ...line };
}

function parsedMembers(text: string): JsonObject {
  const parsed = parseRecord(text);
  if (parsed.ok && isJsonObject(parsed.value)) return parsed.value;
  const why = parsed.ok ? 'it is no object' : parsed.refusal.message;
  return refuse('usage.invalid', `--with cannot be read: ${why}`, {
    remedy: 'Write JSON: --with \'{"path": "src/main.ts"}\'.',
  });
}

/** What would come of it without one of the rules that mattered. */
interface Without {
  readonly rule: string;
  readonly verdict: PolicyVerdict['kind'];
}

function withoutEach(
  request: PolicyRequest,
  { bundles, own }: { readonly bundles: readonly Bundle[]; readonly own: readonly Bundle[] },
  verdict: PolicyVerdict,
): readonly Without[] {
  return verdict.rules.flatMap(({ id, level }) => {
    const less = (bundle: Bundle) => (bundle.level === level ? lacking(bundle, id) : bundle);
    const others = granted(compilePolicySet(bundles.map(less)));
    const { kind } = others.narrowedBy(granted(compileRunPolicies(own.map(less)))).decide(request);
    return kind === verdict.kind ? [] : [{ rule: id, verdict: kind }];
  });
}

function lacking(bundle: Bundle, rule: string): Bundle {
  const kept = Object.entries(bundle.policies.staticPolicies).filter(([id]) => id !== rule);
  return { ...bundle, policies: { ...bundle.policies, staticPolicies: Object.fromEntries(kept) } };
}

interface Explained {
  readonly policy: AskedPolicy;
  readonly request: PolicyRequest;
  readonly verdict: PolicyVerdict;
  /** Undefined for an action that is only told. */
  readonly found: RecordedDecision | undefined;
  readonly flips: Flips;
  readonly without: readonly Without[];
  readonly runs: ReadCommand | undefined;
}

function tellLine({ terminal }: Session, explained: Explained): void {
  const { policy, request, verdict, flips, without, found, runs } = explained;
  terminal.json({
    type: 'policy-explained',
    ...{
      policy,
      capability: request.resource.id,
      action: request.action.id,
      context: request.context,
    },
    ...{
      verdict: verdict.kind,
      rules: verdict.rules,
      unpermitted: unpermittedIn(verdict),
      without,
    },
    flips: flips.found.map(({ changes, verdict: kind }) => ({
      changes: changes.map(({ member, to }) => ({ member, to: to ?? null })),
      verdict: kind,
    })),
    tried: { changes: flips.tried, members: flips.members },
    recorded: found === undefined ? null : recordedMembers(found),
    commands: runs === undefined ? null : runs.commands.map(commandMembers),
    unclear: runs === undefined ? null : runs.unclear,
  });
}

/** Levels that alone stand in its way, since nothing there permits it. */
function unpermittedIn(verdict: PolicyVerdict): readonly Level[] {
  return verdict.kind === 'deny' ? (verdict.unpermitted ?? []) : [];
}

function recordedMembers({ run, seq, ruling, holds, reproduced }: RecordedDecision) {
  return { run, seq, verdict: ruling.verdict, holds, reproduced };
}

/** What was recorded of it, and whether that is what the rules of then say. */
function recordedFields(found: RecordedDecision | undefined): readonly Field[] {
  if (found === undefined) return [];
  const { run, seq, ruling, holds, reproduced } = found;
  const besides = holds.length === 0 ? '' : `, held besides policy by ${holds.join(', ')}`;
  const doubt = reproduced ? '' : ', which the set of then does not say';
  return [['Recorded', visible(`${ruling.verdict} at entry ${seq} of ${run}${besides}${doubt}`)]];
}

const colours = { permit: 'green', hold: 'yellow', deny: 'red', error: 'red' } as const;

function show(
  { terminal }: Session,
  {
    policy,
    request,
    verdict,
    flips,
    without,
    found,
    bundles,
    runs,
  }: Explained & { readonly bundles: readonly Bundle[] },
): void {
  const { paint } = terminal;
  showFields(terminal, [
    ['Verdict', paint[colours[verdict.kind]](verdict.kind)],
    ...(policy === 'default' ? [['Policy', 'the default one: there is no ledger'] as const] : []),
    ...recordedFields(found),
    ...askedFields(request),
    ...(verdict.kind === 'error' ? [['Failure', visible(verdict.message)] as const] : []),
  ]);
  if (runs !== undefined) showCommands(terminal, runs);
  terminal.line();
  if (verdict.rules.length === 0)
    terminal.line('No rule matched, and what no rule permits is denied.');
  for (const level of unpermittedIn(verdict)) {
    terminal.line(
      `Nothing at the level ${level} permits it, and every level that has a policy has to.`,
    );
  }
  for (const { id, level, effect: does } of verdict.rules) {
    terminal.line(`${paint.bold(visible(id))} (${level}, ${does})`);
    const text = bundles.flatMap((bundle) =>
      bundle.level === level ? (ruleTexts(bundle.text).get(id) ?? []) : [],
    );
    for (const line of visibleLines(text.join('\n'))) terminal.line(paint.dim(`  ${line}`));
  }
  terminal.line();
  if (flips.found.length === 0) terminal.line(triedText(flips));
  for (const flip of flips.found)
    terminal.line(`${flip.verdict} if ${flip.changes.map(changeText).join(' and ')}`);
  for (const { rule, verdict: kind } of without) {
    terminal.line(`${kind} without the rule ${visible(rule)}`);
  }
}

function askedFields({ action, resource, context }: PolicyRequest): readonly Field[] {
  const textOf = (member: string): string => textsOf(context[member]).join(', ');
  const runs = `${textOf('command')}: ${textOf('programs')}`;
  return [
    ['Asked', visible(`${action.id} ${resource.id}, effect ${textOf('effect')}`)],
    ...(context['command'] === undefined ? [] : [['Runs', visible(runs)] as const]),
    ...(textOf('paths') === '' ? [] : [['Paths', visible(textOf('paths'))] as const]),
  ];
}

/** A text, or those of a set. */
function textsOf(value: CedarValue | undefined): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((item) => typeof item === 'string');
}

/** Where nothing was found, what it was looked for among. */
function triedText({ tried, members }: Flips): string {
  if (tried === 0)
    return 'The rules ask nothing of the action that could be otherwise: none was tried.';
  const none =
    tried === 1
      ? 'The one change of the action that was tried makes no difference'
      : `None of the ${tried} changes of the action that were tried makes a difference`;
  return `${none}; tried: ${members.join(', ')}.`;
}

function changeText({ member, to }: Change): string {
  return visible(to === undefined ? `there were no ${member}` : `${member} were ${recordText(to)}`);
}

import type { Contract } from '@chancery/kernel/contract';
import { Authority } from '@chancery/runtime/authority';
import { declaredContracts } from '../compose/declared.ts';
import type { Amounts } from '@chancery/kernel/account';
import type { Digest } from '@chancery/kernel/encoding';
import type { Result } from '@chancery/kernel/refusal';
import type { SandboxLimits } from '@chancery/runtime/broker';
import {
  authoriseDirectly,
  authoriseUnder,
  leftOf,
  type BranchPoint,
  type HeldRun,
  type House,
  type startRun,
} from '@chancery/runtime/drive';
import { isClear, offeredContracts } from '../compose/capabilities.ts';
import { foundedKey } from '../compose/keys.ts';
import { granted, refuse } from '../exit.ts';
import type { OpenLedger } from '../opening.ts';
import { readBudget, readDuration } from '../quantities.ts';
import { readSubject } from '../evidence/removing.ts';
import { readBelonging } from './belonging.ts';
import { readLimits } from './command-limits.ts';
import { readGate, readHost, readProtected, readShared } from './run-paths.ts';
import { budgetUnder, termsOf } from './run-terms.ts';
import { checkTask } from './task.ts';
import type { TermFlags } from './term-flags.ts';
import type { Session } from '../session.ts';
import { visible } from '../terminal/visible.ts';
import { loadWrit } from '../authority/writ-file.ts';

/** What policy holds of a gate, it holds at the end of the work; whoever typed it can mend it now. */
export async function warnOfGates(
  { terminal, json }: Session,
  { store, ledger }: OpenLedger,
  gates: readonly string[],
): Promise<void> {
  if (json || gates.length === 0) return;
  const { programs } = await new Authority(store, ledger).policies();
  for (const gate of gates) {
    if (await isClear(gate, programs)) continue;
    terminal.note(`gate ${visible(gate)}: not every program in it stands there by name.`);
    terminal.note('A human will be asked before it runs, as the default policy has it.');
  }
}

/** The key of a subject, made where it is the first run of the subject. */
export function subjectKeyOf(
  { keys }: OpenLedger,
  subject: string | undefined,
  from: BranchPoint | undefined,
): Digest | undefined {
  const inherited = from?.started.subject?.key;
  if (subject === undefined) return inherited;
  const own = granted(keys.ensure(granted(readSubject(subject))));
  if (from === undefined || inherited === own) return own;
  return refuse(
    'usage.invalid',
    `--subject ${subject} is not that of the run that it goes on from`,
    {
      remedy: 'Leave it out: what comes from contents of a subject stays with the subject.',
    },
  );
}

/** How often a run is begun anew because another was carved out of the same writ meanwhile. */
const maxBeginnings = 16;

/** Begins a run; where the writ that it is carved out of has changed, out of what it is now. */
export async function begin(attempt: () => Promise<Result<HeldRun>>): Promise<HeldRun> {
  for (let left = maxBeginnings; left > 1; left -= 1) {
    const started = await attempt();
    if (started.ok) return started.value;
    if (started.refusal.code !== 'ledger.conflict') return granted(started);
  }
  return granted(await attempt());
}

interface Authorising extends Pick<Request, 'budget' | 'limits' | 'hosts'> {
  readonly writ: string | undefined;
  readonly unsafe: boolean;
  /** What a manifest declares of what it is offered. */
  readonly declared: ReadonlyMap<string, Contract>;
}

/**
 * What manifests declare of what a run is offered: what is named, and what its writ grants by name.
 * Refuses `manifest.unknown`.
 */
export async function declaredFor(
  { store, ledger }: OpenLedger,
  { allowCapability, writ }: TermFlags,
): Promise<ReadonlyMap<string, Contract>> {
  const { manifests } = await new Authority(store, ledger).policies();
  const all = declaredContracts(manifests);
  const unknown = allowCapability.find((name) => !all.has(name));
  if (unknown !== undefined) {
    refuse('manifest.unknown', `--allow-capability: no manifest declares ${visible(unknown)}`);
  }
  const grants = writ === undefined ? [] : granted(loadWrit(writ)).writ.grants;
  const named = new Set([...allowCapability, ...grants.map(({ capability }) => capability)]);
  return new Map([...all].filter(([name]) => named.has(name)));
}

export async function authorise({ home, env }: Session, house: House, asking: Authorising) {
  const { writ, limits, unsafe, hosts, declared } = asking;
  const offered = new Map([...(await offeredContracts()), ...declared]);
  const nowMs = house.clock.nowMs();
  if (writ !== undefined) {
    const parent = granted(loadWrit(writ));
    const under = granted(budgetUnder(asking.budget, await leftOf(house, parent)));
    return authoriseUnder(house, parent, termsOf(offered, { budget: under, nowMs, unsafe, hosts }));
  }
  // An action reserves its own time limit, which may be more than the run has left.
  const budget = { wallMs: Math.max(limits.wallMs, leastWallMs), ...asking.budget };
  const owner = granted(await foundedKey(home.ownerKey, env));
  return authoriseDirectly(house, owner, termsOf(offered, { budget, nowMs, unsafe, hosts }));
}

export interface Request {
  readonly budget: Partial<Amounts>;
  readonly limits: Parameters<typeof startRun>[1]['limits'];
  readonly readable: readonly string[];
  readonly protect: readonly string[];
  readonly gates: readonly string[];
  readonly hosts: readonly string[];
  readonly commandLimits: Partial<SandboxLimits>;
  readonly belonging: Pick<Parameters<typeof startRun>[1], 'initiative' | 'plan'>;
}

/** Tokens that one answer may have, repeats of a failed call, and time that a human has to answer. */
const fixedLimits = { outputTokens: 8_192, retries: 4, approvalMs: 24 * 3_600_000 };

/** Least time of all actions together, whatever the time of the run. */
const leastWallMs = 3_600_000;

export function readRequest(
  { task, turns }: { readonly task: string; readonly turns: number },
  flags: TermFlags,
  home: string,
): Result<Request> {
  const wrong = checkTask(task);
  if (wrong !== undefined) return wrong;
  const budget = readBudget(flags.budget);
  if (!budget.ok) return budget;
  const time = readDuration(flags.time);
  if (!time.ok) return time;
  const belonging = readBelonging(flags);
  if (!belonging.ok) return belonging;
  const commandLimits = readLimits(flags);
  if (!commandLimits.ok) return commandLimits;
  const wallMs = time.value;
  return {
    ok: true,
    value: {
      budget: budget.value,
      limits: { ...fixedLimits, turns, wallMs },
      readable: flags.share.map((path) => granted(readShared(path, home))),
      protect: flags.protect.map((glob) => granted(readProtected(glob))),
      gates: flags.gate.map((command) => granted(readGate(command))),
      hosts: flags.allowHost.flatMap((host) => granted(readHost(host))),
      commandLimits: commandLimits.value,
      belonging: belonging.value,
    },
  };
}

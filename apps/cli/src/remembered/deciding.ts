import { reachOf } from '@chancery/domain/policies';
import { bundleDigest } from '@chancery/kernel/policy';
import { activatePolicy, retirePolicy, withdrawProposed } from '@chancery/runtime/authority';
import { signatoryOn } from '../authority/signing.ts';
import { openClock } from '../compose/house.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading, writing } from '../opening.ts';
import type { CommonFlags, Session } from '../session.ts';
import { askYes, canAsk } from '../terminal/ask.ts';
import { instant } from '../terminal/amounts.ts';
import { showTable, type Cell } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';
import {
  findGrant,
  grantLine,
  grantsIn,
  isOver,
  showRule,
  untilText,
  type Grant,
} from './grant.ts';

/** Lists what was remembered, each with its rule in whole. */
export async function list({ home, terminal, json }: Session): Promise<number> {
  return reading(home, async (open) => {
    const grants = await grantsIn(open);
    const nowMs = (await openClock(0)).nowMs();
    if (json) for (const grant of grants) terminal.json(grantLine(grant, nowMs));
    else if (grants.length === 0) terminal.line('Nothing is remembered: every hold asks.');
    else {
      const head = ['GRANT', 'LEVEL', 'LIFTS', 'STANDS', 'UNTIL', 'ON'];
      showTable(
        terminal,
        head,
        grants.map((grant) => rowOf(grant, nowMs)),
      );
      for (const { bundle } of grants) {
        terminal.line();
        showRule(terminal, bundle);
      }
    }
    return exitCodes.ok;
  });
}

const colours = { active: 'green', proposed: 'yellow', expired: 'dim', revoked: 'dim' } as const;

function rowOf(grant: Grant, nowMs: number): readonly Cell[] {
  const { name, level, lifts, state, untilMs, repository } = grantLine(grant, nowMs);
  return [
    { text: name, colour: 'bold' },
    { text: level },
    { text: lifts },
    { text: state, colour: colours[state] },
    untilMs === null ? { text: 'no end', colour: 'yellow' } : { text: instant(untilMs) },
    repository === null
      ? { text: 'every repository', colour: 'yellow' }
      : { text: visible(repository) },
  ];
}

export interface AcceptFlags extends CommonFlags {
  readonly key?: string;
  readonly yes?: boolean;
}

/** Shows a proposed rule in whole, asks, and has it decide from here on. */
export async function accept(session: Session, name: string, flags: AcceptFlags): Promise<number> {
  const { home, terminal, json } = session;
  const grant = await reading(home, (open) => findGrant(open, name));
  const { bundle } = grant;
  const clock = await openClock(0);
  if (isOver(grant, clock.nowMs())) {
    refuse('usage.invalid', `${name} would have lifted its hold ${untilText(reachOf(bundle))}`, {
      remedy: 'Approve the action with --remember again when it is held the next time.',
    });
  }
  if (!json) showRule(terminal, bundle);
  const asks = flags.yes !== true && !json && canAsk();
  if (flags.yes !== true && !asks) {
    if (!json) terminal.line('Nothing was accepted: pass --yes to do it.');
    return exitCodes.held;
  }
  if (asks && !(await askYes('Let it decide from now on?'))) {
    terminal.line('Nothing was accepted.');
    return exitCodes.failed;
  }
  return writing(home, async (open) => {
    const { signatory } = await signatoryOn(session, open, {
      ...{ reason: '', stream: 'policy' },
      ...(flags.key === undefined ? {} : { key: flags.key }),
    });
    granted(await activatePolicy(signatory, bundle));
    if (json) terminal.json(grantLine({ bundle, state: 'active' }, clock.nowMs()));
    else terminal.line(`${name} decides from here on, signed by ${signatory.by.id}.`);
    return exitCodes.ok;
  });
}

export interface RevokeFlags extends CommonFlags {
  readonly reason: string;
  readonly key?: string;
}

/** Takes away exactly the rule that was remembered, or that it is proposed. */
export async function revoke(session: Session, name: string, flags: RevokeFlags): Promise<number> {
  const { home, terminal, json } = session;
  return writing(home, async (open) => {
    const { bundle, state } = await findGrant(open, name);
    const { signatory, said } = await signatoryOn(session, open, { ...flags, stream: 'policy' });
    const { level } = bundle;
    if (state === 'active') granted(await retirePolicy(signatory, { level, name, reason: said }));
    else {
      const asked = { bundle: bundleDigest(bundle), reason: said };
      granted(await withdrawProposed(signatory, asked));
    }
    if (json) terminal.json(grantLine({ bundle, state: 'revoked' }, (await openClock(0)).nowMs()));
    else terminal.line(`${name} decides nothing, signed by ${signatory.by.id}.`);
    return exitCodes.ok;
  });
}

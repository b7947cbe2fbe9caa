import { isRemembered, liftedBy, reachOf, type Reach } from '@chancery/domain/policies';
import { bundleDigest, bundleIn, type Bundle } from '@chancery/kernel/policy';
import { Authority } from '@chancery/runtime/authority';
import { refuse } from '../exit.ts';
import type { OpenLedger } from '../opening.ts';
import { ownName } from '../own-name.ts';
import type { Session } from '../session.ts';
import { instant } from '../terminal/amounts.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { visible } from '../terminal/visible.ts';

/** A rule that was remembered, and whether it decides. */
export interface Grant {
  readonly bundle: Bundle;
  readonly state: 'active' | 'proposed' | 'revoked';
}

/** The grants of a ledger, those that decide first. */
export async function grantsIn({ store, ledger }: OpenLedger): Promise<readonly Grant[]> {
  const { active, proposed } = await new Authority(store, ledger).policies();
  const of = (bundles: readonly Bundle[], state: Grant['state']): readonly Grant[] =>
    bundles.filter(isRemembered).map((bundle) => ({ bundle, state }));
  const waiting = [...proposed.values()].map(({ bundle }) => bundle);
  return [...of([...active.values()].map(bundleIn), 'active'), ...of(waiting, 'proposed')];
}

/** The grant of this name. Refuses `grant.unknown`. */
export async function findGrant(open: OpenLedger, named: string): Promise<Grant> {
  const found = (await grantsIn(open)).find(({ bundle }) => bundle.name === named);
  return found ?? refuse('grant.unknown', `no grant is called ${JSON.stringify(named)}`);
}

/** Whether its time is over, so that it lifts nothing any more. */
export function isOver({ bundle }: Grant, nowMs: number): boolean {
  const { untilMs } = reachOf(bundle);
  return untilMs !== null && untilMs <= nowMs;
}

/** A grant as `--json` tells it. */
export function grantLine(grant: Grant, nowMs: number) {
  const { bundle } = grant;
  const { name, level, text } = bundle;
  const lifts = liftedBy(bundle) ?? '';
  const state: Grant['state'] | 'expired' =
    grant.state !== 'revoked' && isOver(grant, nowMs) ? 'expired' : grant.state;
  const named = { type: 'grant', name, level, bundle: bundleDigest(bundle), lifts } as const;
  return { ...named, state, ...reachOf(bundle), text };
}

/** Shows the rule in whole. */
export function showRule(terminal: Terminal, { text }: Bundle): void {
  for (const line of text.trimEnd().split('\n')) terminal.line(`  ${visible(line)}`);
}

/** How long a grant lifts its hold. */
export function untilText({ untilMs }: Reach): string {
  return untilMs === null ? 'without an end' : `until ${instant(untilMs)}`;
}

/** Shows, before anybody has agreed, by what rule an action would not be held again. */
export function showLifting(terminal: Terminal, bundle: Bundle): void {
  terminal.line(`To be remembered ${untilText(reachOf(bundle))}, by this rule:`);
  showRule(terminal, bundle);
  terminal.line();
}

/** Tells what became of a rule when the action was approved. */
export function tellGrant({ terminal, json, env }: Session, grant: Grant, nowMs: number): void {
  const { name } = grant.bundle;
  if (json) terminal.json(grantLine(grant, nowMs));
  else if (grant.state === 'active') {
    terminal.line(
      `Remembered ${untilText(reachOf(grant.bundle))} as ${name}: ${ownName(env)} grants revoke ${name}`,
    );
  } else {
    terminal.line(`Proposed as ${name}; one who may sign policies has to accept it:`);
    terminal.line(`  ${ownName(env)} grants accept ${name}`);
  }
}

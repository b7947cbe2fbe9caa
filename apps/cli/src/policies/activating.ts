import {
  compareBundles,
  unreachableHolds,
  wideningsOf,
  type Widening,
} from '@chancery/domain/policies';
import {
  activeOn,
  bundleIn,
  bundleKey,
  policySetDigest,
  type ActiveBundle,
} from '@chancery/kernel/policy';
import { activatePolicy, Authority, setWith } from '@chancery/runtime/authority';
import { latestMsOf } from '../authority/signing.ts';
import { openClock } from '../compose/house.ts';
import { undefinedChannels } from '../channels/held-on.ts';
import { signingKey } from '../compose/keys.ts';
import { readKeyId } from '../authority/root-saying.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading, writing, type OpenLedger } from '../opening.ts';
import type { CommonFlags, Session } from '../session.ts';
import { askYes, canAsk } from '../terminal/ask.ts';
import { visible } from '../terminal/visible.ts';
import { replacedBy, showChanges } from './comparing.ts';
import { activeBundles, bundleLine, manifestsHere } from './listing.ts';
import { repositoryFor, type RepositoryFlags } from './repository.ts';
import { policyIn, type PolicyFile, type SourceFlags } from './source.ts';
import { showWarnings, warningsOf } from './warnings.ts';

export interface ActivateFlags extends SourceFlags, RepositoryFlags, CommonFlags {
  readonly key?: string;
  readonly yes?: boolean;
  readonly signedBy: readonly string[];
}

/** Shows what would change and what of it is hardly meant, asks, and has the ledger decide by a policy from here on. */
export async function activate(
  session: Session,
  file: string,
  flags: ActivateFlags,
): Promise<number> {
  const { home, terminal, json } = session;
  const policy = await policyIn(file, flags);
  const { bundle } = policy;
  checkSigners(policy, flags.signedBy);
  const repository = await repositoryFor(session, bundle, flags);
  if (!json) await reading(home, async (open) => tell(session, open, { ...policy, repository }));
  if (!json) {
    showWarnings(terminal, file, await warningsOf(policy, await manifestsHere(session)));
  }
  const asks = flags.yes !== true && !json && canAsk();
  if (flags.yes !== true && !asks) {
    if (!json) terminal.line('Nothing was activated: pass --yes to do it.');
    return exitCodes.held;
  }
  if (asks && !(await askYes('Let it decide from now on?'))) {
    terminal.line('Nothing was activated.');
    return exitCodes.failed;
  }
  const by = granted(await signingKey(session, flags.key));
  return writing(home, async (open) => {
    const { store, ledger } = open;
    const clock = await openClock(await latestMsOf(store, 'policy'));
    const signatory = { store, ledger, clock, by, authority: new Authority(store, ledger) };
    const widens = widened(await activeBundles(open), activeOn(bundle, repository));
    const entry = granted(
      await activatePolicy(signatory, bundle, { signed: policy.signed?.envelope, repository }),
    );
    const policySet = policySetDigest(await activeBundles(open));
    if (json) {
      const standing = await signatory.authority.policies();
      terminal.json({
        ...bundleLine(bundle),
        type: 'policy-activated',
        entry,
        ...{ policySet, by: by.id, repository: repository ?? null },
        undefinedChannels: undefinedChannels([bundle], standing.channels),
        unreachable: unreachableHolds([bundle], standing).map(({ rule }) => rule),
        widens,
      });
    } else if (entry === null) terminal.line('It was active before.');
    else terminal.line(`Active, signed by ${by.id}. The set is ${policySet}.`);
    return exitCodes.ok;
  });
}

/** Refuses `usage.invalid` for what is no key, `envelope.invalid` where one of these has not signed. */
function checkSigners({ file, signed }: PolicyFile, wanted: readonly string[]): void {
  for (const key of wanted) {
    const named = granted(readKeyId(key));
    if (signed?.signers.includes(named) === true) continue;
    refuse('envelope.invalid', `${file} is not signed by ${named}`, {
      remedy: 'Get the bundle from who has signed it, or leave --signed-by out.',
    });
  }
}

/** By which rules more may be permitted once this one decides; a permit that goes may only have failed. */
function widened(active: readonly ActiveBundle[], next: ActiveBundle): readonly Widening[] {
  const byName = new Map(active.map((each) => [bundleKey(bundleIn(each)), each]));
  const isOfNote = ({ how, effect }: Widening) => how === 'permits' || effect === 'forbid';
  return wideningsOf(active, setWith(byName, next)).filter(isOfNote);
}

/** A level permits what one of its rules permits, whichever bundle that is in. */
function wideningText(
  { how, level, policy, rule }: Widening,
  active: readonly ActiveBundle[],
): string {
  if (how === 'gone') return `${rule} of ${policy} is no more: what it forbade may be permitted`;
  const others = active
    .map(bundleIn)
    .filter((each) => each.level === level && each.name !== policy)
    .map(({ name }) => name);
  const beside = others.length === 0 ? '' : ` beside ${others.join(', ')}`;
  return `${rule} of ${policy} permits at the level ${level}${beside}: what they do not permit may be permitted by it`;
}

async function tell(
  { terminal }: Session,
  open: OpenLedger,
  { bundle, signed, repository }: PolicyFile & { readonly repository: string | undefined },
): Promise<void> {
  const active = await activeBundles(open);
  const { channels, trust } = await new Authority(open.store, open.ledger).policies();
  for (const signer of signed?.signers ?? []) terminal.line(`The bundle is signed by ${signer}.`);
  const before = replacedBy(active, bundle);
  const place = before === undefined ? 'is new' : 'takes the place of the active one';
  const where = repository === undefined ? '' : `, for ${repository} alone,`;
  terminal.line(visible(`${bundle.name} at the level ${bundle.level}${where} ${place}.`));
  showChanges(terminal, { before, after: bundle, changes: compareBundles(before, bundle) });
  for (const each of widened(active, activeOn(bundle, repository))) {
    terminal.line(terminal.paint.yellow(visible(wideningText(each, active))));
  }
  for (const hold of unreachableHolds([bundle], { channels, trust })) {
    const { rule, quorum, channel, approvers } = hold;
    const few = `${rule} holds for ${quorum} votes on ${channel}, where ${approvers} may answer: it refuses`;
    terminal.line(terminal.paint.yellow(few));
  }
  for (const channel of undefinedChannels([bundle], channels)) {
    const everybody = `nobody has defined the channel ${channel}: it asks every approver`;
    terminal.line(terminal.paint.yellow(everybody));
  }
  terminal.line();
}

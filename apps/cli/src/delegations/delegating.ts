import { channelForm } from '@chancery/kernel/channel';
import type { Digest } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { Trust } from '@chancery/kernel/writ';
import { recordDelegation, recordDelegationEnd, type Signatory } from '@chancery/runtime/authority';
import { readKeyId } from '../authority/root-saying.ts';
import { signatoryOn, type SignedFlags } from '../authority/signing.ts';
import { exitCodes, granted } from '../exit.ts';
import { writing } from '../opening.ts';
import { readDuration } from '../quantities.ts';
import type { CommonFlags, Session } from '../session.ts';
import { instant } from '../terminal/amounts.ts';
import { delegationLine } from './listing.ts';

export interface DelegateFlags extends CommonFlags, SignedFlags {
  readonly to: string;
  readonly for: string;
  readonly channel?: string;
}

/** Lets another key answer in the place of yours, for a time. */
export async function delegate(session: Session, flags: DelegateFlags): Promise<number> {
  const to = granted(readKeyId(flags.to));
  const forMs = granted(readDuration(flags.for));
  const channel = granted(readChannel(flags.channel));
  return writing(session.home, async (open) => {
    const { signatory, said } = await signatoryOn(session, open, { ...flags, stream: 'ledger' });
    const asked = { to, channel, forMs, reason: said };
    return tell(session, signatory, granted(await recordDelegation(signatory, asked)));
  });
}

export type EndFlags = CommonFlags & SignedFlags;

/** Ends a delegation before its time. */
export async function end(session: Session, named: string, flags: EndFlags): Promise<number> {
  return writing(session.home, async (open) => {
    const { signatory, said } = await signatoryOn(session, open, { ...flags, stream: 'ledger' });
    const id = granted(findDelegation(await signatory.authority.trust(), named));
    granted(await recordDelegationEnd(signatory, { id, reason: said }));
    return tell(session, signatory, id);
  });
}

/** Refuses `usage.invalid`. */
function readChannel(named: string | undefined): Result<string | null> {
  if (named === undefined) return done(null);
  return channelForm.test(named)
    ? done(named)
    : refused('usage.invalid', `no channel is called ${JSON.stringify(named)}`);
}

/** The delegation of this id, or of these first digits of it. Refuses `delegation.unknown`. */
function findDelegation({ delegations }: Trust, named: string): Result<Digest> {
  const found = [...delegations.keys()].filter((id) => named.length >= 4 && id.startsWith(named));
  const [id, other] = found;
  return id === undefined || other !== undefined
    ? refused('delegation.unknown', `${found.length} delegations begin with ${named}`)
    : done(id);
}

async function tell(
  { terminal, json }: Session,
  { authority, clock, by }: Signatory,
  id: Digest,
): Promise<number> {
  const trust = await authority.trust();
  const given = trust.delegations.get(id);
  if (given === undefined) return exitCodes.failed;
  const line = delegationLine(trust, [id, given], clock.nowMs());
  if (json) terminal.json(line);
  else {
    const where = line.channel === null ? '' : ` on the channel ${line.channel}`;
    const what =
      line.state === 'given'
        ? `may answer for ${line.approver}${where} until ${instant(line.notAfter)}`
        : `answers for ${line.approver} no more`;
    terminal.line(`${line.delegate} ${what}, signed by ${by.id}.`);
    if (line.state === 'given') terminal.line(`The delegation is ${id.slice(0, 12)}.`);
  }
  return exitCodes.ok;
}

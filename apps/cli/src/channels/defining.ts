import { channelForm, type Channel } from '@chancery/kernel/channel';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { recordChannel, recordChannelRemoval } from '@chancery/runtime/authority';
import { readKeyId } from '../authority/root-saying.ts';
import { signatoryOn } from '../authority/signing.ts';
import { exitCodes, granted } from '../exit.ts';
import { writing } from '../opening.ts';
import { readDuration } from '../quantities.ts';
import type { CommonFlags, Session } from '../session.ts';
import { duration } from '../terminal/amounts.ts';
import { rulesHoldingOn } from './held-on.ts';
import { escalationText } from './listing.ts';

export interface DefineFlags extends CommonFlags {
  readonly approver: readonly string[];
  readonly within: string;
  readonly escalateTo?: string;
  readonly after?: string;
  readonly key?: string;
}

/** Has a channel ask these keys from here on. */
export async function define(session: Session, name: string, flags: DefineFlags): Promise<number> {
  const { home, terminal, json } = session;
  const channel = granted(channelOf(name, flags));
  return writing(home, async (open) => {
    const { signatory } = await signatoryOn(session, open, {
      ...{ reason: '', stream: 'policy' },
      ...(flags.key === undefined ? {} : { key: flags.key }),
    });
    const entry = granted(await recordChannel(signatory, channel));
    const by = signatory.by.id;
    const { active } = await signatory.authority.policies();
    const rules = rulesHoldingOn(active.values(), name);
    if (json) terminal.json({ type: 'channel-defined', ...channel, entry, by, rules });
    else if (entry === null) terminal.line('It was defined so before.');
    else {
      const { approvers, withinMs } = channel;
      const asked = `${approvers.length} ${approvers.length === 1 ? 'key' : 'keys'}`;
      terminal.line(`${name} asks ${asked}, who have ${duration(withinMs)}, signed by ${by}.`);
      terminal.line(`Without an answer: ${escalationText(channel)}.`);
    }
    if (!json && rules.length === 0) terminal.line('No rule that is active holds on it.');
    return exitCodes.ok;
  });
}

/** Refuses `usage.invalid`. */
function channelOf(name: string, flags: DefineFlags): Result<Channel> {
  const { approver, within, escalateTo: to, after } = flags;
  const wrong = [name, ...(to === undefined ? [] : [to])].find((each) => !channelForm.test(each));
  if (wrong !== undefined) {
    return refused('usage.invalid', `a channel cannot be called ${JSON.stringify(wrong)}`, {
      remedy: 'Begin with a letter; go on with at most 63 lowercase letters, digits and dashes.',
    });
  }
  if ((to === undefined) !== (after === undefined)) {
    return refused('usage.invalid', '--escalate-to and --after are said together');
  }
  const approvers = approver.map((key) => granted(readKeyId(key)));
  const withinMs = granted(readDuration(within));
  if (to === undefined || after === undefined) {
    return done({ name, approvers, withinMs, escalate: null });
  }
  const afterMs = granted(readDuration(after));
  return done({ name, approvers, withinMs, escalate: { to, afterMs } });
}

export interface RemoveFlags extends CommonFlags {
  readonly reason: string;
  readonly key?: string;
}

/** Has a name be no channel any more. */
export async function remove(session: Session, name: string, flags: RemoveFlags): Promise<number> {
  const { home, terminal, json } = session;
  return writing(home, async (open) => {
    const { signatory, said } = await signatoryOn(session, open, { ...flags, stream: 'policy' });
    const entry = granted(await recordChannelRemoval(signatory, { name, reason: said }));
    const by = signatory.by.id;
    const { active } = await signatory.authority.policies();
    const rules = rulesHoldingOn(active.values(), name);
    if (json) terminal.json({ type: 'channel-removed', name, entry, by, reason: said, rules });
    else {
      terminal.line(`${name} is no channel any more, signed by ${by}.`);
      const which = rules.length === 0 ? '' : `: ${rules.join(', ')}`;
      terminal.line(`What names it asks every key that is trusted for approving${which}.`);
    }
    return exitCodes.ok;
  });
}

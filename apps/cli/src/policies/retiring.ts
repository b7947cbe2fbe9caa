import { policySetDigest, type Bundle } from '@chancery/kernel/policy';
import { retirePolicy } from '@chancery/runtime/authority';
import { signatoryOn } from '../authority/signing.ts';
import { exitCodes, granted } from '../exit.ts';
import { reading, writing } from '../opening.ts';
import type { CommonFlags, Session } from '../session.ts';
import { askYes, canAsk } from '../terminal/ask.ts';
import { visible } from '../terminal/visible.ts';
import { activeBundles, bundleLine, namedBundle } from './listing.ts';

export interface RetireFlags extends CommonFlags {
  readonly level?: string;
  readonly reason: string;
  readonly key?: string;
  readonly yes?: boolean;
}

/** Shows what would decide no more, asks, and has it so from here on. */
export async function retire(session: Session, name: string, flags: RetireFlags): Promise<number> {
  const { home, terminal, json } = session;
  const bundle = await reading(home, async (open) =>
    namedBundle(await activeBundles(open), name, flags.level),
  );
  if (!json) tell(session, bundle);
  const asks = flags.yes !== true && !json && canAsk();
  if (flags.yes !== true && !asks) {
    if (!json) terminal.line('Nothing was retired: pass --yes to do it.');
    return exitCodes.held;
  }
  if (asks && !(await askYes('Let it decide no more?'))) {
    terminal.line('Nothing was retired.');
    return exitCodes.failed;
  }
  return writing(home, async (open) => {
    const { signatory, said } = await signatoryOn(session, open, { ...flags, stream: 'policy' });
    const { level } = bundle;
    const entry = granted(await retirePolicy(signatory, { level, name, reason: said }));
    const policySet = policySetDigest(await activeBundles(open));
    const by = signatory.by.id;
    if (json) {
      const told = { entry, policySet, by, reason: said };
      terminal.json({ ...bundleLine(bundle), type: 'policy-retired', ...told });
    } else if (entry === null) terminal.line('Somebody else has retired it meanwhile.');
    else terminal.line(`Retired, signed by ${by}. The set is ${policySet}.`);
    return exitCodes.ok;
  });
}

function tell({ terminal }: Session, { name, level, policies }: Bundle): void {
  const rules = Object.keys(policies.staticPolicies);
  terminal.line(`${visible(name)} at the level ${level} would decide no more:`);
  for (const rule of rules) terminal.line(`- ${visible(rule)}`);
}

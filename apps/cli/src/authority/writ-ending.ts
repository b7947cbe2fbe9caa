import { closeStanding, revokeStanding } from '@chancery/runtime/authority';
import { exitCodes, granted } from '../exit.ts';
import { writing, type OpenLedger } from '../opening.ts';
import type { Session } from '../session.ts';
import { signatoryOn, type SignedFlags } from './signing.ts';
import { amountsText } from '../terminal/amounts.ts';
import { findWrit } from './writ-inspection.ts';

/** Ends a writ and all below it. */
export async function revoke(session: Session, named: string, flags: SignedFlags): Promise<number> {
  const { home, terminal, json } = session;
  return writing(home, async (open) => {
    const { writ, signatory, reason } = await ending(session, open, { named, flags });
    granted(await revokeStanding(signatory, { writ, reason }));
    const by = signatory.by.id;
    if (json) terminal.json({ type: 'revoked', writ, by, reason });
    else terminal.line(`Revoked: writ ${writ}, and every writ below it. Signed by ${by}.`);
    return exitCodes.ok;
  });
}

/** Gives a writ back to the one above it. */
export async function close(session: Session, named: string, flags: SignedFlags): Promise<number> {
  const { home, terminal, json } = session;
  return writing(home, async (open) => {
    const { writ, signatory, reason } = await ending(session, open, { named, flags });
    const { parent, returned } = granted(await closeStanding(signatory, { writ, reason }));
    const by = signatory.by.id;
    if (json) {
      terminal.json({ type: 'closed', writ, parent, returned, by, reason });
      return exitCodes.ok;
    }
    terminal.line(`Closed: writ ${writ}. Signed by ${by}.`);
    terminal.line(`Back to ${parent}: ${amountsText(returned)}`);
    return exitCodes.ok;
  });
}

interface Named {
  readonly named: string;
  readonly flags: SignedFlags;
}

async function ending(session: Session, open: OpenLedger, { named, flags }: Named) {
  const { id: writ } = granted(await findWrit(open, named));
  const on = { ...flags, stream: `writ:${writ}` };
  const { signatory, said: reason } = await signatoryOn(session, open, on);
  return { writ, signatory, reason };
}

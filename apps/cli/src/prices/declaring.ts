import { tableAt, type PriceTable } from '@chancery/kernel/prices';
import { Authority, checkDeclaration, recordPrices } from '@chancery/runtime/authority';
import { latestMsOf, signatoryOn } from '../authority/signing.ts';
import { openClock } from '../compose/house.ts';
import { exitCodes, granted, refuse } from '../exit.ts';
import { reading, writing } from '../opening.ts';
import { readTime } from '../quantities.ts';
import type { CommonFlags, Session } from '../session.ts';
import { instant } from '../terminal/amounts.ts';
import { visible } from '../terminal/visible.ts';
import { priceChanges, showPriceChanges } from './changes.ts';
import { pricesIn } from './file.ts';

export interface CheckFlags extends CommonFlags {
  readonly effective?: string;
}

/** Tells what a file would change, and signs nothing. */
export async function check(session: Session, file: string, flags: CheckFlags): Promise<number> {
  const { home, terminal, json } = session;
  const said = pricesIn(file);
  const asked = askedTime(flags);
  return reading(home, async ({ store, ledger }) => {
    const nowMs = (await openClock(await latestMsOf(store, 'policy'))).nowMs();
    const effectiveFrom = asked ?? nowMs;
    const { prices } = await new Authority(store, ledger).policies();
    const unfit = checkDeclaration(prices, { ...said, effectiveFrom }, nowMs);
    if (unfit !== undefined) refuse(unfit.code, unfit.message, unfit);
    const changes = priceChanges(tableAt(prices, effectiveFrom), said);
    showPriceChanges(session, changes);
    if (json) {
      const counts = { models: said.models.length, changes: changes.length };
      terminal.json({ type: 'prices-checked', file, effectiveFromMs: effectiveFrom, ...counts });
    } else terminal.line(`${visible(file)} can be declared.`);
    return exitCodes.ok;
  });
}

export interface DeclareFlags extends CheckFlags {
  readonly key?: string;
}

/** Tells what a file changes, and has it be the price table from a time on. */
export async function declareFile(
  session: Session,
  file: string,
  flags: DeclareFlags,
): Promise<number> {
  const { home, terminal, json } = session;
  const read = pricesIn(file);
  const asked = askedTime(flags);
  return writing(home, async (open) => {
    const { signatory, said: source } = await signatoryOn(session, open, {
      ...{ reason: read.source, stream: 'policy' },
      ...(flags.key === undefined ? {} : { key: flags.key }),
    });
    const effectiveFrom = asked ?? signatory.clock.nowMs();
    const table: PriceTable = { ...read, source, effectiveFrom };
    const { prices } = await signatory.authority.policies();
    const entry = granted(await recordPrices(signatory, table));
    const changes = priceChanges(tableAt(prices, effectiveFrom), table);
    showPriceChanges(session, changes);
    const by = signatory.by.id;
    if (json) {
      const counts = { models: table.models.length, changes: changes.length };
      const told = { entry, by, effectiveFromMs: effectiveFrom, source, ...counts };
      terminal.json({ type: 'prices-declared', ...told });
    } else if (entry === null) terminal.line('It was declared so before.');
    else {
      terminal.line(`Declared from ${instant(effectiveFrom)} on, signed by ${by}.`);
      terminal.line('A run pays what it was started at: those that go on pay as before.');
    }
    return exitCodes.ok;
  });
}

/** Undefined where it is to count from now on. Refuses `usage.invalid`. */
function askedTime({ effective }: CheckFlags): number | undefined {
  return effective === undefined ? undefined : granted(readTime('--effective', effective));
}

import type { Envelope } from '@chancery/kernel/encoding';
import { readGenesisDraft } from '@chancery/kernel/writ';
import {
  Authority,
  beginLedger,
  completeLedger,
  firstSayings,
  newGenesis,
} from '@chancery/runtime/authority';
import { sayingsOf } from '../authority/key-statements.ts';
import { tellDraft } from '../authority/root-saying.ts';
import { openStatements } from '../authority/shown-statement.ts';
import { loadStatements, type StatementFile } from '../authority/statement-file.ts';
import { defaultBundle, newName } from '../compose/house.ts';
import { granted, refuse } from '../exit.ts';
import type { Session } from '../session.ts';
import { foundingIn, ownKeys, pinned, type Founded } from './found.ts';
import { rootIds, type Plan, type Round } from './plan.ts';

/** The first round: a genesis goes round its roots. Nothing is recorded. */
export async function draftGenesisFile(session: Session, plan: Plan, file: string): Promise<void> {
  await ownKeys(session, plan);
  const roots = granted(await rootIds(session, plan));
  const { name, threshold } = plan;
  const ledger = { name, roots, threshold, nonce: await newName() };
  const envelope = granted(newGenesis(await defaultBundle(), ledger));
  const statements = [{ kind: 'ledger.created', envelope }] as const;
  tellDraft(session, file, { roots, threshold, statements }, ['init', '--signed']);
}

/** A later round, with what the roots have signed; undefined where there is another round. */
export async function goOn(
  session: Session,
  plan: Plan,
  { signed, unsigned }: Extract<Round, { kind: 'signed' }>,
): Promise<Founded | undefined> {
  const file = granted(loadStatements(signed));
  granted(openStatements(file));
  const [first, ...more] = file.statements;
  if (first?.kind !== 'ledger.created') return complete(session, plan, file);
  if (more.length > 0) refuse('envelope.invalid', `${signed} holds more than a genesis`);
  if (unsigned === undefined) {
    refuse('usage.invalid', 'the roots have to say whom the ledger trusts as well', {
      remedy: 'Say --unsigned with a file for that, and have it signed too.',
    });
  }
  await begin(session, plan, first.envelope, unsigned);
  return undefined;
}

/** The second round: the ledger begins, and what the roots say of its keys goes round them. */
async function begin(
  session: Session,
  plan: Plan,
  envelope: Envelope,
  next: string,
): Promise<void> {
  const { name, roots, threshold } = granted(readGenesisDraft(envelope)).genesis;
  const { owner, runtime } = await ownKeys(session, plan);
  const ledger = await foundingIn(session.home, { ...plan, name }, async (founding) =>
    granted(await beginLedger(founding, envelope)),
  );
  const statements = firstSayings(ledger, { owner: owner.id, runtime }, []);
  tellDraft(session, next, { roots, threshold, statements }, ['init', '--signed']);
}

/** The last round: the ledger has its keys and its policy, and is pinned. */
async function complete(session: Session, plan: Plan, file: StatementFile): Promise<Founded> {
  const said = granted(sayingsOf(file));
  const keys = await ownKeys(session, plan);
  return foundingIn(session.home, plan, async (founding) => {
    const ledger = granted(await completeLedger(founding, { ...keys, said }));
    const { name } = (await new Authority(founding.store, ledger).trust()).genesis;
    return pinned(session.home, { ...plan, name }, { ledger, ...keys });
  });
}

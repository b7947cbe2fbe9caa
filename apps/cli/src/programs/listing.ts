import type { DeclaredProgram } from '@chancery/kernel/programs';
import { Authority } from '@chancery/runtime/authority';
import { builtInPrograms } from '../compose/programs.ts';
import { exitCodes, refuse } from '../exit.ts';
import { reading } from '../opening.ts';
import type { CommonFlags, Session } from '../session.ts';
import { instant } from '../terminal/amounts.ts';
import { showTable } from '../terminal/table.ts';
import { visible } from '../terminal/visible.ts';
import { programsText } from './file.ts';

/** `built-in`: declared once, and part of this version by now, which goes before. */
type State = 'declared' | 'built-in';

export interface ListFlags extends CommonFlags {
  readonly all?: boolean;
}

/** Lists what the ledger tells of programs, and with `all` the names of what is built in. */
export async function list(session: Session, { all = false }: ListFlags): Promise<number> {
  const { home, terminal, json } = session;
  const { names, rowOf } = await builtInPrograms();
  return reading(home, async ({ store, ledger }) => {
    const { programs } = await new Authority(store, ledger).policies();
    const declared = [...programs].sort(([a], [b]) => (a < b ? -1 : 1));
    const stateOf = (name: string): State => (rowOf(name) === undefined ? 'declared' : 'built-in');
    if (json) {
      for (const [name, { digest, entry, by, declaredAt }] of declared) {
        const about = { row: digest, entry, by, declaredAtMs: declaredAt };
        terminal.json({ type: 'program', name, state: stateOf(name), declared: about });
      }
      if (!all) return exitCodes.ok;
      for (const name of names) {
        if (!programs.has(name))
          terminal.json({ type: 'program', name, state: 'built-in', declared: null });
      }
      return exitCodes.ok;
    }
    if (declared.length === 0) terminal.line('No row of a program is declared.');
    else {
      const rows = declared.map(([name, { digest, declaredAt }]) => [
        { text: visible(name), colour: 'bold' as const },
        ...[stateOf(name), instant(declaredAt), digest].map((text) => ({ text })),
      ]);
      showTable(terminal, ['PROGRAM', 'STATE', 'SINCE', 'ROW'], rows);
    }
    terminal.line();
    terminal.line(`${names.length} programs are built in.`);
    if (all) terminal.line(names.join(' '));
    return exitCodes.ok;
  });
}

/** Shows what is known of a program, in whole: as it is built in, or as it was declared. Refuses `programs.unknown`. */
export async function show(session: Session, name: string): Promise<number> {
  const { home, terminal, json } = session;
  const { rowOf } = await builtInPrograms();
  const builtIn = rowOf(name);
  if (builtIn !== undefined) return tell(session, { name, state: 'built-in', document: builtIn });
  return reading(home, async ({ store, ledger }) => {
    const { programs } = await new Authority(store, ledger).policies();
    const found =
      programs.get(name) ?? refuse('programs.unknown', `nothing is known of ${visible(name)}`);
    if (!json) terminal.note(`declared ${instant(found.declaredAt)} by ${found.by}`);
    return tell(session, { name, state: 'declared', document: found.row, found });
  });
}

interface Shown {
  readonly name: string;
  readonly state: State;
  readonly document: object;
  readonly found?: DeclaredProgram;
}

function tell({ terminal, json }: Session, { name, state, document, found }: Shown): number {
  const row = found?.digest ?? null;
  if (json) {
    terminal.json({ type: 'program-row', name, state, row, document });
    return exitCodes.ok;
  }
  if (found === undefined) terminal.note('built in');
  const text = programsText({ [name]: document });
  for (const line of text.trimEnd().split('\n')) terminal.line(visible(line));
  return exitCodes.ok;
}

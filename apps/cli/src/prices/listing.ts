import { rowOf, tableAt, type DeclaredTable } from '@chancery/kernel/prices';
import type { Trust } from '@chancery/kernel/writ';
import { Authority } from '@chancery/runtime/authority';
import { listPrices, type ListPrice } from '@chancery/runtime/cognition';
import { latestMsOf } from '../authority/signing.ts';
import { openClock } from '../compose/house.ts';
import { exitCodes } from '../exit.ts';
import { reading } from '../opening.ts';
import type { Session } from '../session.ts';
import { dollars, instant, priceText } from '../terminal/amounts.ts';
import { showFields } from '../terminal/fields.ts';
import { showTable } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { visible } from '../terminal/visible.ts';

/** A price that a run pays which is started now, and who says so. */
interface StandingPrice extends ListPrice {
  readonly by: 'table' | 'built-in';
}

/** Lists the price table that is in effect, those that are to come, and what every known model costs. */
export async function list(session: Session): Promise<number> {
  const { home, terminal, json } = session;
  return reading(home, async ({ store, ledger }) => {
    const { prices, trust } = await new Authority(store, ledger).policies();
    const nowMs = (await openClock(await latestMsOf(store, 'policy'))).nowMs();
    const present = tableAt(prices, nowMs);
    const coming = prices
      .filter((table) => tableAt(prices, table.effectiveFrom) === table)
      .filter(({ effectiveFrom }) => effectiveFrom > nowMs)
      .toSorted((a, b) => a.effectiveFrom - b.effectiveFrom);
    const standing = standingPrices(present);
    if (json) {
      if (present !== undefined) terminal.json(tableLine(present, 'in-effect'));
      for (const table of coming) terminal.json(tableLine(table, 'to-come'));
      for (const price of standing) terminal.json({ type: 'price', ...price });
      return exitCodes.ok;
    }
    if (present === undefined) terminal.line('No price table is in effect.');
    else showPresent(terminal, present, trust);
    terminal.line();
    showPrices(terminal, standing);
    for (const table of coming) {
      terminal.line();
      terminal.line(
        `From ${instant(table.effectiveFrom)} on: ${table.entry}, ${table.models.length} models, signed by ${signerText(table, trust)}.`,
      );
    }
    return exitCodes.ok;
  });
}

/** What models cost now: by the table, and where it has no row by what is built in. */
function standingPrices(table: DeclaredTable | undefined): readonly StandingPrice[] {
  const models = table?.models ?? [];
  const source = table?.source ?? '';
  const others = listPrices.filter(({ model }) => rowOf(models, model) === undefined);
  return [
    ...models.map((row) => ({ ...row, source, by: 'table' as const })),
    ...others.map((row) => ({ ...row, by: 'built-in' as const })),
  ];
}

function tableLine(
  { entry, by, declaredAt, effectiveFrom, source, fallback, models }: DeclaredTable,
  state: 'in-effect' | 'to-come',
) {
  return {
    ...{ type: 'price-table', state, entry, by },
    ...{ declaredAtMs: declaredAt, effectiveFromMs: effectiveFrom },
    ...{ source, fallback, models },
  };
}

function showPresent(terminal: Terminal, table: DeclaredTable, trust: Trust): void {
  const { entry, effectiveFrom, source, fallback } = table;
  showFields(terminal, [
    ['Table', entry],
    ['In effect', `from ${instant(effectiveFrom)} on`],
    ['Signed by', signerText(table, trust)],
    ['Taken from', source === '' ? 'not said' : visible(source)],
    ['Fallback', fallback === null ? 'none: any other model is refused' : priceText(fallback)],
  ]);
}

function signerText({ by }: DeclaredTable, trust: Trust): string {
  const label = trust.keys.get(by)?.label;
  return label === undefined ? by : `${visible(label)} (${by})`;
}

function showPrices(terminal: Terminal, prices: readonly StandingPrice[]): void {
  const rows = prices.map((price) => [
    { text: visible(price.model), colour: 'bold' as const },
    { text: dollars(price.inputMicrousd) },
    { text: dollars(price.cachedInputMicrousd) },
    { text: dollars(price.outputMicrousd) },
    { text: price.by === 'table' ? 'table' : `built in (${price.source})` },
  ]);
  showTable(terminal, ['MODEL', 'IN', 'CACHED', 'OUT', 'BY'], rows);
  terminal.line();
  terminal.line('For a million tokens.');
}

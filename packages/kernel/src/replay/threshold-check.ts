import { crossings, type Amounts, type Crossing } from '../account/index.ts';
import { contractsWithoutThresholds, type Entry } from '../ledger/index.ts';
import type { Findings, Place } from './finding.ts';
import type { RunContext } from './run-context.ts';

/** A threshold that has to be told in the batch of the entry that crosses it. */
interface Due {
  readonly crossing: Crossing;
  readonly place: Place;
  readonly batch: string;
}

/** Of one run: every threshold of its budget is told where it is crossed, and no other. */
export class ThresholdCheck {
  private readonly findings: Findings;
  private due: readonly Due[] = [];

  constructor(findings: Findings) {
    this.findings = findings;
  }

  /** Takes an entry after it was folded; `before` is what the run had spent until then. */
  take(entry: Entry, before: Amounts, context: RunContext): void {
    const { id, index, size } = entry.batch;
    if (this.due.some(({ batch }) => batch !== id)) this.finish();
    if (entry.kind === 'budget.threshold-crossed') this.tell(entry, context);
    else this.cross(entry, before, context);
    if (index + 1 === size) this.finish();
  }

  /** Tells of all that should have been told by now. */
  finish(): void {
    for (const { crossing, place } of this.due) {
      const { percent, dimension } = crossing;
      this.findings.add('budget.misstated', place, `${percent} % of ${dimension} are not told`);
    }
    this.due = [];
  }

  private cross({ batch }: Entry, before: Amounts, { state, authority, place }: RunContext): void {
    const { started, spent } = state;
    if (started === undefined || spent === before) return;
    if (contractsWithoutThresholds.includes(started.contractDigest)) return;
    const granted = authority.writs.chain(started.writ)[0]?.writ.budget;
    if (granted === undefined) return;
    const crossed = crossings(before, spent, granted);
    const due = crossed.map((crossing) => ({ crossing, place, batch: batch.id }));
    this.due = [...this.due, ...due];
  }

  private tell({ body }: Entry<'budget.threshold-crossed'>, { tell }: RunContext): void {
    const told = this.due.find(({ crossing }) => isSame(crossing, body));
    if (told === undefined) tell('budget.misstated', 'no such threshold is crossed here');
    else this.due = this.due.filter((due) => due !== told);
  }
}

function isSame(a: Crossing, b: Entry<'budget.threshold-crossed'>['body']): boolean {
  return (
    a.dimension === b.dimension &&
    a.percent === b.percent &&
    a.spent === b.spent &&
    a.granted === b.granted
  );
}

import type { KeyId } from '../encoding/index.ts';
import type { Kind, ReadEntry } from '../ledger/index.ts';
import { CompromiseCheck } from './compromise-check.ts';
import { Findings } from './finding.ts';

/** An entry that would be told of if a key were said to be compromised. */
export interface AtStake {
  readonly position: number;
  readonly kind: Kind;
  /** Whether the key has signed it; otherwise it stands on what the key has signed. */
  readonly signed: boolean;
  readonly message: string;
}

/**
 * What verification would tell of a ledger after a key was said to be compromised from a size of it
 * on. Takes its entries in their order, as they were found to be.
 */
export class CompromiseForecast {
  private readonly findings = new Findings();
  private readonly check = new CompromiseCheck(this.findings);
  private readonly kinds: Kind[] = [];

  take(read: ReadEntry): void {
    const { stream, seq, kind } = read.entry;
    this.check.take({ stream, seq, position: this.kinds.length }, read);
    this.kinds.push(kind);
  }

  /** In the order of the ledger. Takes no more entries afterwards. */
  of(key: KeyId, fromSize: number): readonly AtStake[] {
    this.check.voided(key, fromSize);
    const own = this.check.signedBy(key);
    return this.findings.sorted().flatMap(({ position, message }) => {
      const kind = this.kinds[position];
      return kind === undefined ? [] : [{ position, kind, message, signed: own.has(position) }];
    });
  }
}

import type { Digest } from '@chancery/kernel/encoding';
import type { LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import type { Trajectory } from '@chancery/kernel/replay';
import type { RunContext } from '../broker/index.ts';
import {
  evolveLoop,
  initialLoop,
  type Loop,
  type Model,
  type RetryPolicy,
} from '../cognition/index.ts';
import { entriesOf } from '../journal/index.ts';
import type { SubjectKeys } from '../removal/index.ts';
import { BlobContents } from './contents.ts';

/** A run as its driver holds it: what the broker needs, the model, and the loop so far. */
export interface DrivenRun {
  readonly context: RunContext;
  readonly model: Model;
  readonly retry: RetryPolicy;
  readonly progress: Progress;
}

/** Whether the loop reads what an entry holds; what it does not read is fetched where it is needed. */
export function isRead({ entry }: SealedEntry): boolean {
  const { kind } = entry;
  return (
    (kind === 'intent.proposed' && entry.body.origin === 'mcp') ||
    kind === 'run.started' ||
    kind === 'commit' ||
    kind === 'model.responded' ||
    kind === 'compensation.planned'
  );
}

/** Both folds of one run's stream, advanced together. */
export class Progress {
  readonly trajectory: Trajectory;
  readonly contents: BlobContents;
  private folded: Loop = initialLoop;

  /** `keys` are those of contents that are sealed. */
  constructor(trajectory: Trajectory, store: LedgerStore, keys?: SubjectKeys) {
    this.trajectory = trajectory;
    this.contents = new BlobContents(store, { keys });
  }

  get loop(): Loop {
    return this.folded;
  }

  /** Advances the loop by an entry that the trajectory has seen, or is about to see. */
  advanceLoop(sealed: SealedEntry): void {
    this.folded = evolveLoop(this.folded, sealed, this.contents.read);
  }

  /** Reads the whole stream as it stands. */
  async load(store: LedgerStore, ledger: Digest): Promise<void> {
    for await (const sealed of entriesOf(store, this.trajectory.stream, { ledger })) {
      if (isRead(sealed)) await this.contents.fetch(sealed);
      this.trajectory.advance(sealed);
      this.advanceLoop(sealed);
    }
  }
}

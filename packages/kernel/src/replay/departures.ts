import type { Digest } from '../encoding/index.ts';
import type { Body, Entry, Kind } from '../ledger/index.ts';
import { workspaceKey } from '../world/index.ts';

/** What an effect that left the machine changed: that alone, or files of the run as well. */
export type Departure = 'outside' | 'files-too';

/** What of a run has left the machine, or may have. */
export class Departures {
  /** By the entry that tells of it: a commit, or that nobody knows. */
  readonly entries = new Map<number, Departure>();
  /** Actions that leave the machine when they are executed. */
  readonly staged = new Set<Digest>();
  /** Entries of executions in doubt, by their action. */
  readonly doubts = new Map<Digest, number>();

  take({ kind, body, seq }: Entry): void {
    const step = steps[kind] as Step | undefined;
    step?.(this, body, seq);
  }
}

type Step<K extends Kind = Kind> = (departures: Departures, body: Body<K>, seq: number) => void;

const steps: { readonly [K in Kind]?: Step<K> } = {
  'proposal.staged': ({ staged }, { actionDigest, effects }) => {
    if (effects.includes('external') || effects.includes('irreversible')) staged.add(actionDigest);
  },
  'execution.in-doubt': ({ entries, doubts }, { action }, seq) => {
    entries.set(seq, 'outside');
    doubts.set(action, seq);
  },
  'execution.reconciled': ({ entries, doubts }, { action }) => {
    const doubt = doubts.get(action);
    if (doubt !== undefined) entries.delete(doubt);
  },
  commit: ({ entries, staged }, { action, delta }, seq) => {
    if (!staged.delete(action)) return;
    const changesFiles = delta.some(({ key }) => key === workspaceKey);
    entries.set(seq, changesFiles ? 'files-too' : 'outside');
  },
};

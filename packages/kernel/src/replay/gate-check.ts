import { detached, isJsonObject, type Digest } from '../encoding/index.ts';
import type { Body, Entry } from '../ledger/index.ts';
import { workspaceKey } from '../world/index.ts';
import { readContent, type BlobReader } from './blob-reader.ts';
import type { FindingCode } from './finding.ts';
import type { ProposedIntent } from './proposed-intent.ts';
import type { RunActions } from './run-actions.ts';
import type { RunState } from './run-state.ts';

interface Surroundings {
  readonly state: RunState;
  readonly actions: RunActions;
  readonly blobs: BlobReader;
  readonly tell: (code: FindingCode, message: string) => void;
}

type Observation = Body<'commit'>['observation'];

interface GateEnd {
  /** Undefined when the intent cannot be read. */
  readonly command: string | undefined;
  /** As the observation tells it, -1 where it tells none; undefined when it cannot be read. */
  readonly exitCode: number | undefined;
  /** Number of changes of the files before it. */
  readonly changes: number;
}

/** The gates that a run has run, and whether its files have changed since. */
export class GateRecord {
  /** By what the end of the run calls them: action digest, or intent digest where it was refused. */
  private readonly ends = new Map<Digest, GateEnd>();
  private changes = 0;

  /** Notes an entry that ends an action. */
  take(entry: Entry, { actions, blobs }: Pick<Surroundings, 'actions' | 'blobs'>): void {
    if (entry.kind === 'proposal.rejected') {
      const { intent } = entry.body;
      if (intent !== null) this.note(intent, actions.intent(intent), () => -1);
    } else if (entry.kind === 'commit' || entry.kind === 'execution.failed') {
      const { action, delta } = entry.body;
      if (delta.some(({ key }) => key === workspaceKey)) this.changes += 1;
      this.note(action, actions.askedBy(action), () =>
        entry.kind === 'commit' ? exitCodeOf(entry.body.observation, blobs) : -1,
      );
    }
  }

  /** Checks what the end of a run tells of its gates. */
  check({ gates, outcome }: Body<'run.finished'>, { state, tell }: Surroundings): void {
    const wanted = state.started?.gates ?? [];
    if (gates.some(({ command }, index) => command !== wanted[index])) {
      tell('run.misstated', 'these are not the gates that the run began with');
    }
    const all = gates.length === wanted.length && gates.every(({ passed }) => passed);
    if (outcome === 'succeeded' && !all) {
      tell('run.misstated', 'it did not succeed: not all of its gates passed');
    }
    for (const gate of gates) {
      const end = this.ends.get(gate.action);
      const wrong = this.whyMisstated(gate, end);
      if (wrong !== undefined) tell('run.misstated', `the gate ${gate.command} ${wrong}`);
      if (end !== undefined && (end.exitCode === undefined || end.command === undefined)) {
        tell('gate.unread', `the output of ${gate.command} was not given`);
      }
    }
  }

  private whyMisstated(
    { command, exitCode, passed }: Body<'run.finished'>['gates'][number],
    end: GateEnd | undefined,
  ): string | undefined {
    if (end === undefined || (end.command ?? command) !== command) return 'was not run';
    if (end.exitCode !== undefined && end.exitCode !== exitCode) return `gave ${end.exitCode}`;
    if (passed !== (exitCode === 0)) return `passes by 0 alone, and gave ${exitCode}`;
    return end.changes === this.changes ? undefined : 'judged other files';
  }

  private note(
    name: Digest,
    proposed: ProposedIntent | undefined,
    exitCode: () => number | undefined,
  ): void {
    if (proposed?.origin !== 'gate') return;
    const { command } = proposed;
    if (command === null) return;
    // The name would keep the entry that it was read in, which may hold all that the gate printed.
    this.ends.set(detached(name), { command, exitCode: exitCode(), changes: this.changes });
  }
}

function exitCodeOf(observation: Observation, blobs: BlobReader): number | undefined {
  const value = readContent(observation, blobs);
  if (value === undefined) return undefined;
  const code = isJsonObject(value) ? value['exitCode'] : undefined;
  return typeof code === 'number' ? code : -1;
}

import { bytesDigest, isJsonObject, parseRecord, type Digest } from '../encoding/index.ts';
import { type Body, type Entry } from '../ledger/index.ts';
import { workspaceKey } from '../world/index.ts';
import { type FindingCode } from './finding.ts';
import { type Trajectory } from './trajectory.ts';

/** Bytes of a recorded content that stands outside its entry; undefined when they are not at hand. */
export type BlobReader = (digest: Digest) => Uint8Array | undefined;

interface Surroundings {
  readonly trajectory: Trajectory;
  readonly blobs: BlobReader;
  readonly tell: (code: FindingCode, message: string) => void;
}

type Observation = Body<'commit'>['observation'];

interface GateEnd {
  readonly command: string;
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
  take(entry: Entry, { trajectory, blobs }: Surroundings): void {
    if (entry.kind === 'proposal.rejected') {
      const { intent } = entry.body;
      if (intent !== null) this.note(intent, trajectory.intents.get(intent), () => -1);
    } else if (entry.kind === 'commit' || entry.kind === 'execution.failed') {
      const { action, delta } = entry.body;
      if (delta.some(({ key }) => key === workspaceKey)) this.changes += 1;
      const proposed = trajectory.intents.get(trajectory.staged.get(action)?.action.intent ?? '');
      this.note(action, proposed, () =>
        entry.kind === 'commit' ? exitCodeOf(entry.body.observation, blobs) : -1,
      );
    }
  }

  /** Checks what the end of a run tells of its gates. */
  check({ gates, outcome }: Body<'run.finished'>, { trajectory, tell }: Surroundings): void {
    const wanted = trajectory.started?.gates ?? [];
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
      if (end !== undefined && end.exitCode === undefined) {
        tell('gate.unread', `the output of ${gate.command} was not given`);
      }
    }
  }

  private whyMisstated(
    { command, exitCode, passed }: Body<'run.finished'>['gates'][number],
    end: GateEnd | undefined,
  ): string | undefined {
    if (end?.command !== command) return 'was not run';
    if (end.exitCode !== undefined && end.exitCode !== exitCode) return `gave ${end.exitCode}`;
    if (passed !== (exitCode === 0)) return `passes by 0 alone, and gave ${exitCode}`;
    return end.changes === this.changes ? undefined : 'judged other files';
  }

  private note(
    name: Digest,
    proposed: Body<'intent.proposed'> | undefined,
    exitCode: () => number | undefined,
  ): void {
    if (proposed?.origin !== 'gate') return;
    const command = commandOf(proposed);
    if (command === undefined) return;
    this.ends.set(name, { command, exitCode: exitCode(), changes: this.changes });
  }
}

function commandOf({ intent }: Body<'intent.proposed'>): string | undefined {
  const args = isJsonObject(intent) ? intent['args'] : undefined;
  const command = isJsonObject(args) ? args['command'] : undefined;
  return typeof command === 'string' ? command : undefined;
}

function exitCodeOf(observation: Observation, blobs: BlobReader): number | undefined {
  const value = 'inline' in observation ? observation.inline : blobValue(observation.blob, blobs);
  if (value === undefined) return undefined;
  const code = isJsonObject(value) ? value['exitCode'] : undefined;
  return typeof code === 'number' ? code : -1;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The value of a blob; undefined for bytes that are not those that the entry names. */
function blobValue({ digest }: { readonly digest: Digest }, blobs: BlobReader) {
  const bytes = blobs(digest);
  if (bytes === undefined || bytesDigest(bytes) !== digest) return undefined;
  const parsed = parseRecord(utf8.decode(bytes));
  return parsed.ok ? parsed.value : undefined;
}

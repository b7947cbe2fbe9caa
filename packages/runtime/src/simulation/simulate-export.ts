import {
  emptyTally,
  isProposal,
  questionOf,
  SimulatedRun,
  TrialEpochs,
  united,
  type Tally,
  type Trial,
} from '@chancery/domain/simulation';
import type { Digest, Json } from '@chancery/kernel/encoding';
import { ExportCheck, type ExportedEntry, type Manifest } from '@chancery/kernel/export';
import { readEntry, type Body, type Content, type SealedEntry } from '@chancery/kernel/ledger';
import { readRunPolicies } from '@chancery/kernel/policy';
import { refusal, RefusalError, type Result } from '@chancery/kernel/refusal';
import { PolicyEpochs } from '../authority/index.ts';
import type { SubjectKeys } from '../removal/index.ts';
import { chunksOf, type ExportFile } from '../transfer/index.ts';
import { valueOf } from './contents.ts';

export interface SimulatedExport {
  readonly file: ExportFile;
  readonly trials: readonly Trial[];
  readonly sinceMs: number;
  readonly source: number;
  /** Runs that are asked about; undefined for all. */
  readonly runs: ReadonlySet<string> | undefined;
  readonly keys?: SubjectKeys | undefined;
  /** Told now and then how many entries have been gone through. */
  readonly onProgress?: (entries: number) => void;
}

/** What an export was of, and what came of its decisions. */
export interface ExportSimulation {
  readonly ledger: Digest;
  /** Runs that it has, of those that were asked about. */
  readonly runs: ReadonlySet<string>;
  readonly tally: Tally;
}

/**
 * Makes the decisions of an export again while it is verified, in one pass; nothing is told of one
 * that does not verify.
 * @throws {RefusalError} as `ExportCheck` refuses, `export.partial` where its policies are not in it,
 * `policy.invalid` where what is tried does not fit, and what the file throws.
 */
export async function simulateExport(request: SimulatedExport): Promise<ExportSimulation> {
  const check = new ExportCheck();
  let pass: ExportPass | undefined;
  let entries = 0;
  for await (const chunk of chunksOf(request.file)) {
    for (const record of granted(check.push(chunk))) {
      if (record.type === 'manifest') pass = new ExportPass(request, record.manifest);
      if (record.type !== 'entry') continue;
      await pass?.take(record.entry);
      entries += 1;
    }
    request.onProgress?.(entries);
  }
  const { manifest } = granted(check.finish());
  return { ledger: manifest.ledger, ...(pass?.end() ?? { runs: new Set(), tally: emptyTally }) };
}

class ExportPass {
  private readonly request: SimulatedExport;
  private readonly policies: PolicyEpochs;
  private readonly epochs: TrialEpochs;
  private readonly open = new Map<string, SimulatedRun>();
  /** Blobs of the entry that is read. */
  private blobs: ReadonlyMap<Digest, Uint8Array> = new Map();

  constructor(request: SimulatedExport, { ledger }: Manifest) {
    this.request = request;
    this.epochs = new TrialEpochs(request.trials);
    const blob = (digest: Digest) => Promise.resolve(this.blobs.get(digest));
    this.policies = new PolicyEpochs(ledger, { blob });
  }

  async take({ stored, blobs }: ExportedEntry): Promise<void> {
    const { stream, position } = stored;
    const isRun = stream.startsWith('run:');
    if (!isRun && stream !== 'ledger' && stream !== 'policy') return;
    const read = granted(readEntry(stored));
    const sealed: SealedEntry = { ...read, position };
    this.blobs = blobs;
    if (isRun) this.takeRun(stream.slice('run:'.length), sealed);
    else if (stream === 'ledger') this.policies.takeKeys(sealed);
    else await this.takePolicy(sealed);
  }

  end(): { readonly runs: ReadonlySet<string>; readonly tally: Tally } {
    let tally = emptyTally;
    for (const simulated of this.open.values()) {
      const own = simulated.tally();
      if (own !== undefined) tally = united(tally, own);
    }
    return { runs: new Set(this.open.keys()), tally };
  }

  private async takePolicy(sealed: SealedEntry): Promise<void> {
    await this.policies.takePolicy(sealed);
    const latest = this.policies.epochs.at(-1);
    if (latest !== undefined) granted(this.epochs.add(latest.from, latest.bundles));
  }

  private takeRun(run: string, { entry, position = 0 }: SealedEntry): void {
    const { runs, source, sinceMs } = this.request;
    if (runs !== undefined && !runs.has(run)) return;
    if (!this.epochs.covers(position)) throw lacking();
    const setsAt = (at: number) => this.epochs.at(at);
    const simulated = this.open.get(run) ?? new SimulatedRun({ source, run, setsAt, sinceMs });
    this.open.set(run, simulated);
    if (entry.kind === 'run.started') this.narrow(simulated, entry.body);
    const question = isProposal(entry) ? questionOf(entry) : undefined;
    simulated.take(entry, position, question === undefined ? undefined : this.read(question));
  }

  private narrow(simulated: SimulatedRun, { policies = [], actor }: Body<'run.started'>): void {
    const recorded = policies.map(({ bundle, envelope }) => ({
      bundle,
      envelope: this.read(envelope),
    }));
    const own = readRunPolicies(recorded, actor);
    if (own.ok) simulated.narrow(own.value);
  }

  private read(content: Content): Json | undefined {
    if ('inline' in content) return content.inline;
    const { digest, key } = content.blob;
    const bytes = this.blobs.get(digest);
    if (bytes === undefined || key === undefined) return bytes && valueOf(bytes);
    const opened = this.request.keys?.open(key, bytes);
    return opened?.ok === true ? valueOf(opened.value) : undefined;
  }
}

function lacking(): RefusalError {
  return new RefusalError(
    refusal('export.partial', 'the export has not got the policies that decided', {
      remedy: 'Export the whole ledger, or the stream `policy` along with its runs.',
    }),
  );
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal);
  return result.value;
}

import type { LedgerStore, SealedEntry } from '@chancery/kernel/ledger';
import { BlobContents } from '@chancery/runtime/drive';
import type { SubjectKeys } from '@chancery/runtime/removal';
import { TimelineFold, type Begun, type TimelineLine } from '@chancery/runtime/projections';
import { tellingGone } from '../evidence/gone-content.ts';
import { errorOf } from '../exit.ts';
import { showAnswers, showLine } from '../terminal/timeline.ts';
import { cut } from '../terminal/columns.ts';
import { visible } from '../terminal/visible.ts';
import { ownName } from '../own-name.ts';
import type { Session } from '../session.ts';

interface NarratorOptions {
  readonly all: boolean;
  readonly live: boolean;
  /** Of contents that are sealed for a subject. */
  readonly keys: SubjectKeys;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;

/**
 * Shows the entries of one run as they come: lines for a person, JSON for a program. Entries whose
 * blobs have to be fetched are shown in their order, so that `settled` is to be awaited at the end.
 */
export class Narrator {
  private readonly session: Session;
  private readonly options: NarratorOptions;
  private readonly contents: BlobContents;
  private readonly timeline: TimelineFold;
  private queue: Promise<void> = Promise.resolve();
  private failure: Error | undefined;
  private doing: { readonly what: string; readonly sinceMs: number } | undefined;
  private spinner: NodeJS.Timeout | undefined;
  private preparingSinceMs: number | undefined;
  private preparationMs = 0;

  /** `all`: with the small steps on the way; `live`: things happen now, so that holds can be answered. */
  constructor(session: Session, store: LedgerStore, options: NarratorOptions) {
    this.session = session;
    this.options = options;
    this.contents = new BlobContents(store, { standIn: tellingGone(session), keys: options.keys });
    this.timeline = new TimelineFold(this.contents.read);
  }

  /** Takes the next entry; one of another stream than a run's is shown to programs alone. */
  readonly tell = (sealed: SealedEntry): void => {
    this.queue = this.queue
      .then(() => this.show(sealed))
      .catch((error: unknown) => void (this.failure ??= errorOf(error)));
  };

  /** Tells a person that a run is being prepared, which takes its time where a repository is large. */
  preparing(): void {
    this.preparingSinceMs ??= performance.now();
    this.busy('the repository is prepared');
  }

  /** Ends what `preparing` began. */
  readonly prepared = (): void => {
    this.rest();
    if (this.preparingSinceMs === undefined) return;
    this.preparationMs += Math.ceil(performance.now() - this.preparingSinceMs);
    this.preparingSinceMs = undefined;
  };

  /** How long preparations have taken, milliseconds; 0 where there were none. */
  get preparedMs(): number {
    return this.preparationMs;
  }

  /** Takes entries that others have shown before, so that later ones are understood. */
  async recall(entries: AsyncIterable<SealedEntry>): Promise<void> {
    for await (const sealed of entries) {
      await this.contents.fetch(sealed);
      this.timeline.advance(sealed);
    }
  }

  /** Resolves when everything told so far is shown. @throws what showing it has thrown. */
  async settled(): Promise<void> {
    await this.queue;
    this.rest();
    if (this.failure !== undefined) throw this.failure;
  }

  /** What has begun by the entries that are shown, and has no end. */
  begun(): readonly Begun[] {
    return this.timeline.begun();
  }

  private async show(sealed: SealedEntry): Promise<void> {
    const { entry, digest } = sealed;
    const { terminal, json } = this.session;
    const ofRun = entry.stream.startsWith('run:');
    if (ofRun) await this.contents.fetch(sealed);
    const line = ofRun ? this.timeline.advance(sealed) : null;
    if (json) terminal.json({ type: 'entry', digest, line, entry });
    else if (line !== null) this.draw(line, entry.kind);
  }

  private draw(line: TimelineLine, kind: string): void {
    const { terminal, env } = this.session;
    const { all, live } = this.options;
    if (all || !line.minor) showLine(terminal, line);
    if (live && line.mark === 'held' && line.action !== null) {
      showAnswers(terminal, line.action, ownName(env));
    }
    if (kind === 'model.requested') this.busy('the model is asked');
    else if (kind === 'execution.started') this.busy(`${line.what} ${line.detail}`);
    else if (kind === 'proposal.suspended') this.busy('waiting for a human');
    else this.rest();
  }

  /** Tells what is going on, where a person looks. */
  private busy(what: string): void {
    if (!this.session.terminal.isTty) return;
    this.doing = { what: visible(what), sinceMs: performance.now() };
    this.spinner ??= setInterval(() => this.spin(), frameMs).unref();
  }

  private spin(): void {
    if (this.doing === undefined) return;
    const { terminal } = this.session;
    const passedMs = performance.now() - this.doing.sinceMs;
    const frame = frames[Math.floor(passedMs / frameMs) % frames.length] ?? '';
    const text = `      ${frame} ${this.doing.what} ${Math.floor(passedMs / 1_000)} s`;
    terminal.status(terminal.paint.dim(cut(text, terminal.columns - 1)));
  }

  private rest(): void {
    this.doing = undefined;
    clearInterval(this.spinner);
    this.spinner = undefined;
    this.session.terminal.status(undefined);
  }
}

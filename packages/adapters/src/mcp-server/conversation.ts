import type { Agent, AgentCall, GateResult, Heard } from '@chancery/runtime/cognition';
import type { Loop, ToolMessage } from '@chancery/runtime/cognition';

/** Why the run rests, and what of it does. */
export interface Waiting {
  /** `approval`: a human has to vote; `doubt`: one has to find out; `control`: one has to clear it. */
  readonly for: 'approval' | 'doubt' | 'control';
  /** Digest of the action; null where a control keeps the run from going on. */
  readonly action: string | null;
  readonly reason: string;
}

/** What became of the run when its agent had no more to do, or something ended it. */
export interface SessionEnd {
  readonly end: 'finished' | 'stopped';
  readonly outcome: string | null;
  readonly reason: string;
  readonly gates: readonly GateResult[];
  readonly branch: string | null;
  readonly commit: string | null;
}

/** What became of a call. */
export type CallEnd =
  | { readonly type: 'answered'; readonly message: ToolMessage }
  /** It is begun, and rests. */
  | { readonly type: 'waiting'; readonly waiting: Waiting }
  /** It was not taken up, since something else rests. */
  | { readonly type: 'busy'; readonly waiting: Waiting }
  /** Nobody wanted it any more before it was begun, or nothing rests. */
  | { readonly type: 'nothing' }
  | { readonly type: 'gates-failed'; readonly gates: readonly GateResult[] }
  | { readonly type: 'ended'; readonly end: SessionEnd };

interface Wish {
  readonly heard: Heard;
  readonly settle: (end: CallEnd) => void;
  /** Told when it is taken up. */
  readonly taken: () => void;
}

/** Outcomes of what has rested that are kept for whoever asks later. */
const outcomesKept = 64;

/**
 * What an MCP client and the driver of its run have to say to each other: calls come in, one after the
 * other is taken up, and each is answered by what the run came to. Nothing in it decides anything.
 */
export class Conversation implements Agent {
  readonly #wishes: Wish[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #outcomes = new Map<string, ToolMessage>();
  #open: Wish | undefined;
  #waiting: Waiting | undefined;
  #gates: readonly GateResult[] = [];
  #end: SessionEnd | undefined;
  #isGone = false;

  /** What rests, if anything does. */
  get waiting(): Waiting | undefined {
    return this.#waiting;
  }

  take(): Heard | undefined {
    const wish = this.#wishes.shift();
    if (wish === undefined) return this.#isGone ? { type: 'ended' } : undefined;
    this.#open = wish;
    wish.taken();
    return wish.heard;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  follow({ phase, answer, gates }: Loop): void {
    if (phase.name === 'answered') this.#gates = gates;
    else if (phase.name === 'held') {
      this.#rest({ for: 'approval', action: phase.action, reason: 'a human has to approve it' });
    } else if (phase.name === 'in-doubt') {
      this.#rest({ for: 'doubt', action: phase.action, reason: phase.reason });
    } else if (phase.name === 'listening') this.#goOn(answer?.results.at(-1));
  }

  /** Takes up a call; resolves with what became of it, or with what it waits for. */
  call(call: AgentCall, taken: () => void): Promise<CallEnd> {
    return this.#ask({ type: 'call', call }, call.signal, taken);
  }

  /** Lets the work count as done: the gates run, and the run ends where they pass. */
  finish(signal: AbortSignal, taken: () => void): Promise<CallEnd> {
    return this.#ask({ type: 'ended' }, signal, taken);
  }

  /**
   * The outcome of an action that rests or has rested, by the first letters of its digest; without one, of
   * what rests, or else of what has rested last. Now, or when there is one, at the latest when `until` is
   * aborted.
   */
  async outcome(action: string | undefined, until: AbortSignal): Promise<CallEnd> {
    const of = this.#restedAs(action);
    for (;;) {
      const message = of === undefined ? undefined : this.#outcomes.get(of);
      if (message !== undefined) return { type: 'answered', message };
      if (this.#end !== undefined) return { type: 'ended', end: this.#end };
      const waiting = this.#waiting;
      if (waiting === undefined || (of !== undefined && waiting.action !== of)) {
        return { type: 'nothing' };
      }
      if (until.aborted) return { type: 'waiting', waiting };
      this.#wake();
      await this.#changed(until);
    }
  }

  #restedAs(action: string | undefined): string | undefined {
    const rests = this.#waiting?.action ?? undefined;
    const all = [...this.#outcomes.keys(), ...(rests === undefined ? [] : [rests])];
    if (action === undefined) return this.#waiting === undefined ? all.at(-1) : rests;
    const [found = action, another] = all.filter((each) => each.startsWith(action));
    return another === undefined ? found : action;
  }

  /** The driver rests until somebody asks again; the action of what rests was told before. */
  pause(reason: string): void {
    this.#rest(this.#waiting ?? { for: 'control', action: null, reason });
  }

  /** The driver goes on. */
  unpause(): void {
    if (this.#waiting?.for === 'control') this.#waiting = undefined;
  }

  /** The run has ended, or nobody drives it any more. */
  conclude(end: SessionEnd): void {
    this.#end = { ...end, gates: end.gates.length > 0 ? end.gates : this.#gates };
    this.#open?.settle({ type: 'ended', end: this.#end });
    this.#open = undefined;
    for (const wish of this.#wishes.splice(0)) wish.settle({ type: 'ended', end: this.#end });
    this.#wake();
  }

  /** The client is gone: what it has not begun is not begun, and its work counts as done. */
  leave(): void {
    this.#isGone = true;
    for (const wish of this.#wishes.splice(0)) wish.settle({ type: 'nothing' });
    this.#wake();
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  #ask(heard: Heard, signal: AbortSignal, taken: () => void): Promise<CallEnd> {
    if (this.#end !== undefined) return Promise.resolve({ type: 'ended', end: this.#end });
    if (this.#waiting !== undefined) {
      this.#wake();
      return Promise.resolve({ type: 'busy', waiting: this.#waiting });
    }
    return new Promise((resolve) => {
      const wish = { heard, taken, settle: resolve };
      const forget = (): void => {
        const index = this.#wishes.indexOf(wish);
        if (index < 0) return;
        this.#wishes.splice(index, 1);
        resolve({ type: 'nothing' });
      };
      this.#wishes.push(wish);
      signal.addEventListener('abort', forget, { once: true });
      if (signal.aborted) forget();
      this.#wake();
    });
  }

  #rest(waiting: Waiting): void {
    const isNew = this.#waiting?.action !== waiting.action || this.#waiting.for !== waiting.for;
    this.#waiting = waiting;
    this.#open?.settle({ type: 'waiting', waiting });
    this.#open = undefined;
    for (const wish of this.#wishes.splice(0)) wish.settle({ type: 'busy', waiting });
    if (isNew) this.#wake();
  }

  /** The run listens again: what was taken up, or has rested, has come to this. */
  #goOn(message: ToolMessage | undefined): void {
    const open = this.#open;
    this.#open = undefined;
    if (open?.heard.type === 'ended') open.settle({ type: 'gates-failed', gates: this.#gates });
    if (message === undefined) return;
    if (open?.heard.type === 'call') open.settle({ type: 'answered', message });
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    if (waiting.action !== null) this.#keep(waiting.action, message);
    this.#wake();
  }

  #keep(action: string, message: ToolMessage): void {
    this.#outcomes.set(action, message);
    const [oldest] = this.#outcomes.keys();
    if (this.#outcomes.size > outcomesKept && oldest !== undefined) this.#outcomes.delete(oldest);
  }

  #wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #changed(until: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        stop();
        until.removeEventListener('abort', end);
        resolve();
      };
      const stop = this.subscribe(end);
      until.addEventListener('abort', end, { once: true });
    });
  }
}

import { assert, RefusalError } from '@chancery/kernel/refusal';
import {
  restOn,
  sharedPaths,
  type DriveEnd,
  type HeldRun,
  type House,
} from '@chancery/runtime/drive';
import type { Conversation, McpService, SessionEnd, Waiting } from '../compose/mcp.ts';
import { exitCodes, failureOf } from '../exit.ts';
import { ownName } from '../own-name.ts';
import { driveToEnd, exitOf } from '../runs/driving.ts';
import type { Session } from '../session.ts';
import { showFailure } from '../terminal/terminal.ts';
import { heldAgain, type OpenedRun, type Opening } from './opening-run.ts';

/** How long it is left until what rests is looked at again, when nothing else wakes us. */
const restMs = 2_000;

/** The one run of an MCP server: begun when a client first asks, driven by what its clients call. */
export class ServedRun {
  readonly #session: Session;
  readonly #conversation: Conversation;
  readonly #opening: Opening;
  readonly #apply: boolean;
  readonly #over = Promise.withResolvers<undefined>();
  readonly #stopped = Promise.withResolvers<undefined>();
  #begun: ReturnType<McpService['begin']> | undefined;
  #driving: Promise<number> | undefined;
  #failure: number = exitCodes.ok;

  constructor(
    session: Session,
    conversation: Conversation,
    { opening, apply }: { readonly opening: Opening; readonly apply: boolean },
  ) {
    this.#session = session;
    this.#conversation = conversation;
    this.#opening = opening;
    this.#apply = apply;
  }

  /** Resolves when nobody drives the run any more. */
  get over(): Promise<undefined> {
    return this.#over.promise;
  }

  /** Resolves when the run was stopped from outside, or cannot be driven. */
  get stopped(): Promise<undefined> {
    return this.#stopped.promise;
  }

  /** Begins the run; where that is refused, the next who asks has it tried again. */
  readonly begin = (agent: string): ReturnType<McpService['begin']> => {
    this.#begun ??= this.#open(agent).catch((error: unknown) => {
      this.#begun = undefined;
      if (error instanceof RefusalError) {
        const failure = failureOf(error);
        this.#failure = failure.exit;
        showFailure(this.#session.terminal, failure, false);
      }
      throw error;
    });
    return this.#begun;
  };

  /** Lets the work of whoever has gone count as done; answers the exit code once the run rests. */
  async end(): Promise<number> {
    this.#conversation.leave();
    await this.#begun?.catch(() => undefined);
    return this.#driving ?? this.#failure;
  }

  async #open(agent: string): ReturnType<McpService['begin']> {
    const opened = await this.#opening(agent);
    const offered = await offeredIn(opened);
    this.#failure = exitCodes.ok;
    this.#driving = this.#drive(opened).finally(() => this.#over.resolve(undefined));
    // Whoever asks for the exit code hears of it.
    this.#driving.catch(() => undefined);
    return offered;
  }

  async #drive({ house, narrator, held }: OpenedRun): Promise<number> {
    const conversation = this.#conversation;
    const { stream, trajectory } = held.driven.context;
    const { started } = trajectory;
    assert(started !== undefined, 'a run that is driven was started');
    const { branch } = started.workspace;
    const readable = sharedPaths(started);
    try {
      for (let present: HeldRun | undefined = held; ;) {
        const end: DriveEnd = await driveToEnd(this.#session, {
          ...{ house, narrator, held: present, agent: conversation, goOn: 'mcp --resume' },
          ...{ waitForHumans: true, apply: this.#apply },
        });
        if (conversation.isGone || !isPause(end)) return this.#conclude(end, branch);
        conversation.pause(reasonOf(end));
        const again = await this.#again(house, stream, readable);
        if (again === undefined) return this.#conclude(end, branch);
        conversation.unpause();
        present = again;
      }
    } catch (error) {
      this.#conversation.conclude(stopped('the run cannot be driven'));
      this.#stopped.resolve(undefined);
      throw error;
    }
  }

  /** Takes the run up again once somebody else has written to it, or a client asks; undefined when all have gone. */
  async #again(
    house: House,
    stream: string,
    readable: readonly string[],
  ): Promise<HeldRun | undefined> {
    const conversation = this.#conversation;
    const stop = new AbortController();
    for (;;) {
      await restOn(house, stop.signal, conversation)(house.clock.nowMs() + restMs);
      if (conversation.isGone) return undefined;
      const held = await heldAgain(house, stream.slice('run:'.length), readable);
      if (held.ok) return held.value;
      if (held.refusal.code !== 'run.driven') throw new RefusalError(held.refusal);
    }
  }

  #conclude(end: DriveEnd, branch: string): number {
    const told = end.kind === 'finished' ? finishedAs(end.body, branch) : stopped(reasonOf(end));
    this.#conversation.conclude(told);
    if (end.kind === 'stopped') this.#stopped.resolve(undefined);
    return exitOf(end);
  }
}

/** Whether the run rests, and can go on in this session. */
function isPause({ kind }: DriveEnd): boolean {
  return kind === 'in-doubt' || kind === 'halted';
}

function reasonOf(end: DriveEnd): string {
  switch (end.kind) {
    case 'finished':
      return end.body.reason;
    case 'held':
      return 'a human has to approve an action';
    case 'in-doubt':
      return end.reason;
    case 'halted':
      return 'a control keeps it from going on';
    case 'stopped':
      return 'it was stopped, and can be gone on with';
  }
}

function stopped(reason: string): SessionEnd {
  return { end: 'stopped', outcome: null, reason, gates: [], branch: null, commit: null };
}

function finishedAs(
  { outcome, reason, gates, commit }: Extract<DriveEnd, { kind: 'finished' }>['body'],
  branch: string,
): SessionEnd {
  return { end: 'finished', outcome, reason, gates, branch, commit };
}

/** What the run is offered, and of that what its writ grants. */
async function offeredIn({ house, held }: OpenedRun): ReturnType<McpService['begin']> {
  const { offers, stream, writ } = held.driven.context;
  const { chain } = await house.authority.standing(stream.slice('run:'.length), writ);
  const grants = new Set(chain[0]?.writ.grants.map(({ capability }) => capability));
  const contracts = [...offers.values()].map(({ known }) => known.contract);
  return { contracts: contracts.filter(({ name }) => grants.has(name)), names: [...offers.keys()] };
}

/** Commands by which a human answers what rests, outside the session. */
export function answersOf({ env }: Session, { for: what, action }: Waiting): readonly string[] {
  const name = ownName(env);
  if (action === null) return [`${name} halt list`, `${name} clear`];
  const id = action.slice(0, 12);
  if (what === 'approval') return [`${name} approve ${id}`, `${name} deny ${id}`];
  const word = `${id} --evidence TEXT`;
  return [`${name} resume RUN --happened ${word}`, `${name} resume RUN --did-not-happen ${word}`];
}

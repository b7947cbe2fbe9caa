import type { Json } from '@chancery/kernel/encoding';
import type { Body, Kind } from '@chancery/kernel/ledger';
import type { HeardRouting } from '@chancery/kernel/routing';
import type { ModelCall } from './model.ts';
import type { ToolMessage } from './result-message.ts';
import type { WindowTurn } from './window.ts';

/** A gate that ran in the present round. */
export type GateResult = Body<'run.finished'>['gates'][number];

export type RunOutcome = Body<'run.finished'>['outcome'];

/** What is being worked on: calls of the model's answer, or gates. */
export type Work =
  { readonly on: 'calls'; readonly next: number } | { readonly on: 'gates'; readonly next: number };

/** Where the native loop stands. Each phase carries what is valid in it, and no more. */
export type LoopPhase =
  | { readonly name: 'unstarted' }
  /** The next turn may begin. */
  | { readonly name: 'idle' }
  /** A turn has begun; the model has not been asked. */
  | { readonly name: 'turning' }
  | {
      readonly name: 'asking';
      readonly attempt: number;
      readonly reserved: Spend;
      readonly sinceMs: number;
    }
  | { readonly name: 'waiting'; readonly attempt: number; readonly untilMs: number }
  /** The model could not be asked, and is not to be asked again. */
  | { readonly name: 'model-failed'; readonly reason: string }
  | { readonly name: 'working'; readonly work: Work }
  /** An agent outside may call something, as the `next` of this turn. */
  | { readonly name: 'listening'; readonly next: number }
  /** All that could be undone was, or a step could not be done. */
  | { readonly name: 'concluded'; readonly left: number }
  /** An intent is recorded, its proposal is not: only inside a batch. */
  | { readonly name: 'proposed'; readonly work: Work; readonly callId: string }
  | { readonly name: 'staged'; readonly work: Work; readonly action: string }
  | { readonly name: 'held'; readonly work: Work; readonly action: string }
  | { readonly name: 'executing'; readonly work: Work; readonly action: string }
  | {
      readonly name: 'in-doubt';
      readonly work: Work;
      readonly action: string;
      readonly reason: string;
    }
  /** The model has nothing more to do; gates are next, then the end. */
  | { readonly name: 'answered' }
  | { readonly name: 'finished'; readonly outcome: RunOutcome };

interface Spend {
  readonly tokens: number;
  readonly costMicrousd: number;
}

/** The answer of the model that is being worked on, or the last one. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly ModelCall[];
  /** What routers say of the calls, one by one; apart from them, since no model is shown it. */
  readonly routings: readonly (HeardRouting | undefined)[];
  readonly results: readonly ToolMessage[];
}

/** The native loop of one run, folded from its stream. */
export interface Loop {
  readonly phase: LoopPhase;
  /** The turn that is going on, or was last; 0 before the first. */
  readonly turn: number;
  readonly started: Body<'run.started'> | undefined;
  /** As the model is given it. */
  readonly task: string;
  /** Time that models and effects have taken: what waited for a human or lay still is not in it. */
  readonly workedMs: number;
  /** How often we ended a request of this turn ourselves; no fault of the provider. */
  readonly ownInterruptions: number;
  /** Turns before the present one, as the model will see them. */
  readonly turns: readonly WindowTurn[];
  readonly answer: Answer | undefined;
  /** The moment of another run that it goes on from. */
  readonly branched: Body<'run.branched'> | undefined;
  /** Names of calls that the budget refused and that were not carried out since; `gate` for one. */
  readonly unaffordable: ReadonlySet<string>;
  /** Round of gates: how often the model has said that it is done. */
  readonly round: number;
  readonly gates: readonly GateResult[];
  /** How often a gate was begun in this round, the ones included that we broke off ourselves. */
  readonly gateTries: number;
}

export const initialLoop: Loop = {
  phase: { name: 'unstarted' },
  turn: 0,
  started: undefined,
  task: '',
  workedMs: 0,
  ownInterruptions: 0,
  turns: [],
  answer: undefined,
  branched: undefined,
  unaffordable: new Set(),
  round: 0,
  gates: [],
  gateTries: 0,
};

/** Whether a run undoes what another has done. */
export function isRollback({ started }: Pick<Loop, 'started'>): boolean {
  return started?.rollback !== undefined;
}

/** Whether an agent outside proposes what is done, and no model is asked. */
export function isServed({ started }: Pick<Loop, 'started'>): boolean {
  return started?.agent.kind === 'mcp';
}

/** How a gate is called among calls; no capability has a name without a dot. */
export const gateName = 'gate';

/** Codes of failures that are our own doing: stopped by a person, or killed. */
export const ownInterruptionCodes: readonly string[] = ['cancelled', 'abandoned'];

/** Reads a recorded content: the value itself, or that of its blob. Pure: blobs are fetched before. */
export type Contents = (content: Body<'commit'>['observation']) => Json;

type LoopKind = Extract<
  Kind,
  | `run.${string}`
  | `turn.${string}`
  | `model.${string}`
  | `intent.${string}`
  | `proposal.${string}`
  | `execution.${string}`
  | `compensation.${string}`
  | 'commit'
>;

/** Entries that each phase admits; the fold consults it and the documentation prints it. */
export const loopTransitions: Readonly<Record<LoopPhase['name'], readonly LoopKind[]>> = {
  unstarted: ['run.started'],
  idle: ['run.branched', 'turn.started', 'compensation.planned', 'run.finished'],
  turning: ['model.requested', 'run.finished'],
  listening: ['intent.proposed', 'turn.finished', 'run.finished'],
  asking: ['model.responded', 'model.interrupted'],
  waiting: ['model.requested', 'run.finished'],
  'model-failed': ['run.finished'],
  working: ['intent.proposed', 'turn.finished', 'compensation.finished', 'run.finished'],
  concluded: ['run.finished'],
  proposed: ['proposal.staged', 'proposal.suspended', 'proposal.rejected'],
  staged: ['execution.started'],
  held: ['proposal.staged', 'proposal.suspended', 'proposal.rejected', 'run.finished'],
  executing: [
    'proposal.staged',
    'execution.started',
    'commit',
    'execution.failed',
    'execution.in-doubt',
    'execution.reconciled',
  ],
  'in-doubt': ['execution.reconciled', 'run.finished'],
  answered: ['intent.proposed', 'turn.started', 'run.finished'],
  finished: [],
};

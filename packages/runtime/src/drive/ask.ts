import { reserve, spendOf, type ModelSpend, type TokenPrice } from '@chancery/kernel/account';
import type { Digest, Json } from '@chancery/kernel/encoding';
import type { Blob, Body, Draft } from '@chancery/kernel/ledger';
import { assert, RefusalError } from '@chancery/kernel/refusal';
import { answerRouting, availableIn, record, type RunContext } from '../broker/index.ts';
import {
  buildWindow,
  ownInterruptionCodes,
  requestDigest,
  retryDelayMs,
  systemPrompt,
  windowTurns,
  type ModelCall,
  type ModelEvent,
  type ModelFailure,
  type ModelRequest,
  type ModelTool,
} from '../cognition/index.ts';
import type { DrivenRun } from './driven-run.ts';

/** Characters of results that a model is shown in all. */
const resultChars = 200_000;

/** How asking went: recorded, or there is no budget left to ask with, or a control forbids it. */
export type Asked = 'asked' | 'unaffordable' | 'halted';

/**
 * Asks the model once: reserves what the call can cost at most, records the request, then its end,
 * whatever it is. `opening` is recorded in the same batch as the request.
 */
export async function ask(
  run: DrivenRun,
  attempt: number,
  opening: readonly Draft[],
): Promise<Asked> {
  const { context, model } = run;
  const { turn } = turnOf(run, opening);
  const request = requestOf(run);
  const reserved = reserve(priceIn(run), model.estimateTokens(request), request.maxOutputTokens);
  for (;;) {
    const standing = await context.authority.standing(runId(context), context.writ);
    if (standing.controls.some(({ mode }) => mode !== 'lockdown')) return 'halted';
    if (!affordable(reserved, availableIn(context, standing))) return 'unaffordable';
    const drafts: Draft[] = [
      ...opening,
      {
        stream: context.stream,
        kind: 'model.requested',
        body: {
          turn,
          attempt,
          model: model.id,
          request: requestDigest(model.id, request),
          messages: request.messages.length,
          reserved,
        },
        cause: opening.length > 0 ? opening.length - 1 : headOf(context),
      },
    ];
    if ((await record(context, drafts, { reads: standing.reads })) === 'recorded') break;
  }
  const end = await listen(model.stream(request, context.signal));
  await recordEnd(run, { turn, attempt, reserved, end });
  return 'asked';
}

/** Records how a call ended. An answer that no entry can hold has failed, and nothing of it is believed. */
async function recordEnd(run: DrivenRun, end: EndOfCall): Promise<void> {
  const cause = headOf(run.context);
  const recording = ({ draft, blobs }: RecordedEnd): Promise<unknown> =>
    record(run.context, [{ ...draft, cause }], { blobs });
  try {
    await recording(recordedEnd(run, end));
  } catch (error) {
    if (!isUnrecordable(error)) throw error;
    const failure = unrecordable(error.refusal.message);
    await recording(interrupted(run, { ...end, failure, usage: undefined }));
  }
}

function isUnrecordable(error: unknown): error is RefusalError {
  if (!(error instanceof RefusalError)) return false;
  return error.refusal.code === 'entry.too-long' || error.refusal.code === 'entry.invalid';
}

function unrecordable(message: string): ModelFailure {
  return { class: 'terminal', code: 'answer.unrecordable', message, retryAfterMs: undefined };
}

/** The entry that the run has come to; the next one follows from it where nothing stands between. */
export function headOf({ trajectory }: Pick<RunContext, 'trajectory'>): Digest | null {
  return trajectory.last ?? null;
}

export function runId({ stream }: Pick<RunContext, 'stream'>): string {
  return stream.slice('run:'.length);
}

function affordable(reserved: ModelSpend, left: ModelSpend): boolean {
  return reserved.tokens <= left.tokens && reserved.costMicrousd <= left.costMicrousd;
}

function turnOf({ progress }: DrivenRun, opening: readonly Draft[]): { readonly turn: number } {
  const begun = opening.find((draft) => draft.kind === 'turn.started');
  return begun === undefined ? { turn: progress.loop.turn } : { turn: begun.body.turn };
}

function requestOf({ context, progress }: DrivenRun): ModelRequest {
  const { loop } = progress;
  return {
    messages: buildWindow({
      system: systemPrompt,
      task: loop.task,
      turns: windowTurns(loop),
      resultChars,
    }),
    tools: toolsOf(context),
    maxOutputTokens: loop.started?.limits.outputTokens ?? 0,
  };
}

function toolsOf({ offers }: RunContext): readonly ModelTool[] {
  return [...offers.values()].map(({ known: { contract } }) => ({
    name: contract.name,
    description: contract.description,
    input: contract.input,
  }));
}

/** All of an answer, put together from its stream. */
interface Heard {
  readonly text: string;
  readonly calls: readonly HeardCall[];
  readonly last: Extract<ModelEvent, { type: 'finished' | 'failed' }>;
}

type HeardCall = Omit<Extract<ModelEvent, { type: 'call' }>, 'type'>;

async function listen(stream: AsyncIterable<ModelEvent>): Promise<Heard> {
  let text = '';
  const calls: HeardCall[] = [];
  for await (const event of stream) {
    switch (event.type) {
      case 'text':
        text += event.text;
        break;
      case 'call':
        calls.push(event);
        break;
      case 'finished':
      case 'failed':
        return { text, calls, last: counted(event) };
    }
  }
  const failure: ModelFailure = {
    class: 'unknown',
    code: 'cut-off',
    message: 'the stream ended without an end',
    retryAfterMs: undefined,
  };
  return { text, calls, last: { type: 'failed', failure, usage: undefined } };
}

/** Tokens that no call has: a provider that tells of more does not count. */
const tokensMax = 1_000_000_000;

/** The end of a stream, if what it says that it used is a number of tokens. */
function counted(last: Heard['last']): Heard['last'] {
  const { usage } = last;
  const isCount = (tokens: number): boolean =>
    Number.isSafeInteger(tokens) && tokens >= 0 && tokens <= tokensMax;
  if (usage === undefined) return last;
  const { inputTokens, cachedInputTokens, outputTokens } = usage;
  if ([inputTokens, cachedInputTokens, outputTokens].every(isCount)) return last;
  if (last.type === 'failed') return { ...last, usage: undefined };
  const failure = unrecordable('what the provider says that it used is no number of tokens');
  return { type: 'failed', failure, usage: undefined };
}

interface EndOfCall {
  readonly turn: number;
  readonly attempt: number;
  readonly reserved: ModelSpend;
  readonly end: Heard;
}

interface RecordedEnd {
  readonly draft: Draft;
  readonly blobs: readonly Blob[];
}

function recordedEnd(run: DrivenRun, { turn, attempt, reserved, end }: EndOfCall): RecordedEnd {
  const { last } = end;
  return last.type === 'failed'
    ? interrupted(run, { turn, attempt, reserved, failure: last.failure, usage: last.usage })
    : responded(run, { turn, attempt, end, last });
}

export interface Interruption {
  readonly turn: number;
  readonly attempt: number;
  readonly reserved: ModelSpend;
  readonly failure: ModelFailure;
  readonly usage: Extract<ModelEvent, { type: 'failed' }>['usage'];
}

/** A call that did not end well; what it used pays its full reservation where nobody knows it. */
export function interrupted(
  run: DrivenRun,
  { turn, attempt, reserved, failure, usage }: Interruption,
): RecordedEnd {
  const { context, retry, progress } = run;
  const isOurs = ownInterruptionCodes.includes(failure.code);
  const failures = attempt - progress.loop.ownInterruptions;
  const body: Body<'model.interrupted'> = {
    turn,
    attempt,
    failure: {
      class: failure.class,
      code: failure.code,
      message: context.redactor.redactText(failure.message).value,
    },
    // A call that we ended ourselves is made again when the run is taken up again.
    retryInMs: isOurs ? 0 : (retryDelayMs(failures, failure, retry) ?? null),
    cost: usage === undefined ? reserved : spendOf(priceIn(run), usage),
  };
  return { draft: { stream: context.stream, kind: 'model.interrupted', body }, blobs: [] };
}

function responded(
  run: DrivenRun,
  {
    turn,
    attempt,
    end,
    last,
  }: Pick<EndOfCall, 'turn' | 'attempt' | 'end'> & {
    readonly last: Extract<ModelEvent, { type: 'finished' }>;
  },
): RecordedEnd {
  const { context } = run;
  const blobs: Blob[] = [];
  const heard = answerRouting(context.redactor);
  const values = 1 + end.calls.length;
  const kept = (value: Json): Body<'model.responded'>['text'] => {
    const { content, blobs: made } = context.keep(context.redactor.redact(value).value, { values });
    blobs.push(...made);
    return content;
  };
  const body: Body<'model.responded'> = {
    turn,
    attempt,
    text: kept(end.text),
    ...servedBy(run, last.servedBy),
    calls: end.calls.map(({ call: { id, name, args }, routing }) => {
      const malformed = isMalformed(args);
      return {
        id: context.redactor.redactText(id).value,
        name: context.redactor.redactText(name).value,
        args: kept(malformed ? args.malformed : args),
        malformed,
        ...(routing === undefined ? {} : { routing: heard(routing) }),
      };
    }),
    stop: last.stop,
    usage: last.usage,
    cost: spendOf(priceIn(run), last.usage),
  };
  return { draft: { stream: context.stream, kind: 'model.responded', body }, blobs };
}

const servedByChars = 128;

/** What the provider says in its own favour is recorded as said, and believed by nobody. */
function servedBy(
  { context }: DrivenRun,
  said: string | undefined,
): Pick<Body<'model.responded'>, 'servedBy'> {
  if (said === undefined) return {};
  const shown = context.redactor.redactText(said).value;
  return { servedBy: shown.slice(0, servedByChars).toWellFormed() };
}

/** What the run was started at: a price that changes meanwhile is for the next run. */
function priceIn({ context }: DrivenRun): TokenPrice {
  const { started } = context.trajectory;
  assert(started !== undefined, 'a run that asks its model was started');
  return started.price;
}

export function isMalformed(args: ModelCall['args']): args is { readonly malformed: string } {
  return typeof args['malformed'] === 'string' && Object.keys(args).length === 1;
}

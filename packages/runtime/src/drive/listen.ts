import { record, submit } from '../broker/index.ts';
import { type Agent, type AgentCall } from '../cognition/index.ts';
import { headOf, isMalformed } from './ask.ts';
import { type DrivenRun } from './driven-run.ts';

/** What listening came to. */
export type Listened = 'taken' | 'silent' | 'idle';

/**
 * Takes what the agent of a run wants next: submits its call, or records that its work counts as done,
 * which is so as well where the run has no agent any more. `silent`: it wants nothing yet; `idle`: its
 * gates had failed, and it has done nothing since.
 */
export async function listen(run: DrivenRun, agent: Agent | undefined): Promise<Listened> {
  const heard = agent === undefined ? ({ type: 'ended' } as const) : agent.take();
  if (heard === undefined) return 'silent';
  if (heard.type === 'call') {
    await submitCall(run, heard.call);
    return 'taken';
  }
  const { loop } = run.progress;
  const calls = callsOf(run);
  if (loop.round > 0 && calls === 0) return 'idle';
  const { context } = run;
  const body = { turn: loop.turn, calls };
  const cause = headOf(context);
  await record(context, [{ stream: context.stream, kind: 'turn.finished', body, cause }]);
  return 'taken';
}

async function submitCall(run: DrivenRun, { name, args, signal }: AgentCall): Promise<void> {
  const { context } = run;
  const { turn } = run.progress.loop;
  const effect = context.offers.get(name)?.known.contract.effect;
  const looks = effect === 'read' || effect === 'pure';
  const nonce = `mcp-${turn}.${callsOf(run)}`;
  // Whoever cancels a call breaks off its effect, and not the run.
  const cancellable = { ...context, signal: AbortSignal.any([context.signal, signal]) };
  await submit(cancellable, {
    origin: 'mcp',
    turn,
    callId: nonce,
    intent: {
      kind: looks ? 'query' : 'act',
      capability: name,
      // Text in the place of an object: the compiler refuses it as malformed, and says so.
      args: isMalformed(args) ? args.malformed : args,
      rationale: '',
      nonce,
    },
  });
}

function callsOf({ progress }: DrivenRun): number {
  const { phase } = progress.loop;
  return phase.name === 'listening' ? phase.next : 0;
}

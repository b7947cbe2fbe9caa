import { record, submit } from '../broker/index.ts';
import type { Agent, AgentCall } from '../cognition/index.ts';
import { headOf, isMalformed } from './ask.ts';
import type { DrivenRun } from './driven-run.ts';

/**
 * Takes what the agent of a run wants next: submits its call, or records that its work counts as done,
 * which is so as well where the run has no agent any more. Whether it wanted anything yet.
 */
export async function listen(run: DrivenRun, agent: Agent | undefined): Promise<boolean> {
  const heard = agent === undefined ? ({ type: 'ended' } as const) : agent.take();
  if (heard === undefined) return false;
  if (heard.type === 'call') {
    await submitCall(run, heard.call);
    return true;
  }
  const { context, progress } = run;
  const body = { turn: progress.loop.turn, calls: callsOf(run) };
  const cause = headOf(context);
  await record(context, [{ stream: context.stream, kind: 'turn.finished', body, cause }]);
  return true;
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

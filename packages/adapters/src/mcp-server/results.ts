import type { Json, JsonObject } from '@chancery/kernel/encoding';
import { maxGateRounds, type GateResult, type ToolMessage } from '@chancery/runtime/cognition';
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { CallEnd, SessionEnd, Waiting } from './conversation.ts';
import { finishTool, waitTool } from './tools.ts';

/** Commands by which a human answers what rests. */
export type Answers = (waiting: Waiting) => readonly string[];

/** What became of a call, as its client is shown it. */
export function resultOf(end: CallEnd, answers: Answers): CallToolResult {
  switch (end.type) {
    case 'answered':
      return observed(end.message);
    case 'waiting':
      return told(waitingText(end.waiting, answers), { waiting: rested(end.waiting, answers) });
    case 'busy':
      return failed(
        `This call was not taken up, and nothing of it has happened, since another action rests. ${waitingText(end.waiting, answers)}`,
        { waiting: rested(end.waiting, answers), taken: false },
      );
    case 'nothing':
      return told('Nothing of this waits.', { waiting: null });
    case 'gates-failed':
      return failed(gatesText(end.gates), { gates: shownGates(end.gates) });
    case 'ended':
      return ended(end.end);
  }
}

/** An error that no run has to do with. */
export function invalid(message: string): CallToolResult {
  return failed(message, { error: { code: 'args.invalid', message } });
}

function observed({ result, failed: isError }: ToolMessage): CallToolResult {
  const structured = isObject(result) ? result : { result };
  return { content: [text(JSON.stringify(result))], structuredContent: structured, isError };
}

function ended({ end, outcome, reason, gates, branch, commit }: SessionEnd): CallToolResult {
  const structured = { end, outcome, reason, gates: shownGates(gates), branch, commit };
  const where = commit === null ? '' : ` Its result is ${commit} on ${String(branch)}.`;
  const said = `The run has ${end === 'stopped' ? 'stopped' : String(outcome)}: ${reason}.${where}`;
  return outcome === 'succeeded' ? told(said, structured) : failed(said, structured);
}

const what: Readonly<Record<Waiting['for'], string>> = {
  approval: 'The action waits for a human, who can let it happen or not, with a signature:',
  doubt: 'Nobody knows whether the action happened. A human has to find out, and say it:',
  control: 'A control keeps the run from going on. A human has to clear it:',
};

/** Why something rests, and how a human answers: outside this session, which has no part in it. */
export function waitingText(waiting: Waiting, answers: Answers): string {
  const commands = answers(waiting).map((command) => `\n  ${command}`);
  const later = `Call ${waitTool} for the outcome.`;
  return `${what[waiting.for]}${commands.join('')}\n${later} (${waiting.reason})`;
}

function rested(waiting: Waiting, answers: Answers): JsonObject {
  const { for: whatFor, action, reason } = waiting;
  return { for: whatFor, action, reason, commands: [...answers(waiting)], outcome: waitTool };
}

function gatesText(gates: readonly GateResult[]): string {
  const lines = gates
    .filter(({ passed }) => !passed)
    .map(({ command, exitCode }) => `The gate \`${command}\` failed with exit code ${exitCode}.`);
  return [
    ...lines,
    `Run it, find out why, correct it, and call ${finishTool} again.`,
    `A run whose gates fail ${maxGateRounds} times has failed.`,
  ].join('\n');
}

function shownGates(gates: readonly GateResult[]): Json[] {
  return gates.map(({ command, passed, exitCode }) => ({ command, passed, exitCode }));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of the two forms of an answer a client hands its model one: what is to be said stands in both. */
function told(said: string, structured: JsonObject): CallToolResult {
  return { content: [text(said)], structuredContent: { message: said, ...structured } };
}

function failed(said: string, structured: JsonObject): CallToolResult {
  return { ...told(said, structured), isError: true };
}

function text(said: string): { readonly type: 'text'; readonly text: string } {
  return { type: 'text', text: said };
}

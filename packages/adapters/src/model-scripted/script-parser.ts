import { isJsonObject, parseRecord, type Json } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { routingDecision, type RoutingChoice } from '@chancery/kernel/routing';
import type { Usage } from '@chancery/kernel/account';
import type { ModelFailure, Price } from '@chancery/runtime/cognition';
import type { Condition, Script, ScriptedCall, ScriptedFailure, ScriptedTurn } from './script.ts';
import { Misread, Spot } from './script-reader.ts';

/** A price that makes spend visible; nobody is charged it. */
const demoPrice: Price = {
  inputMicrousd: 3_000_000,
  cachedInputMicrousd: 300_000,
  outputMicrousd: 15_000_000,
  source: 'script',
};

/** Reads the text of a script. Refuses `model.script-invalid`, naming the place. */
export function parseScript(text: string): Result<Script> {
  const parsed = parseRecord(text);
  if (!parsed.ok) return refused('model.script-invalid', parsed.refusal.message);
  return readScript(parsed.value);
}

/** Reads a script that is JSON already. Refuses `model.script-invalid`, naming the place. */
export function readScript(value: Json): Result<Script> {
  try {
    return done(script(new Spot('script', value)));
  } catch (error) {
    if (error instanceof Misread) return refused('model.script-invalid', error.message);
    throw error;
  }
}

function script(spot: Spot): Script {
  const members = spot.members(['v', 'name', 'price', 'turns']);
  const version = members.need('v');
  if (version.value !== 1) throw version.misread('must be 1');
  const turns = members.need('turns');
  if (turns.items().length === 0) throw turns.misread('must hold a turn');
  return {
    name: members.find('name')?.name() ?? 'script',
    price: price(members.find('price')),
    turns: turns.items().map(alternatives),
  };
}

function price(spot: Spot | undefined): Price {
  if (spot === undefined) return demoPrice;
  const members = spot.members(['inputMicrousd', 'cachedInputMicrousd', 'outputMicrousd']);
  return {
    inputMicrousd: members.need('inputMicrousd').count(),
    cachedInputMicrousd: members.need('cachedInputMicrousd').count(),
    outputMicrousd: members.need('outputMicrousd').count(),
    source: 'script',
  };
}

function alternatives(spot: Spot): readonly ScriptedTurn[] {
  if (!Array.isArray(spot.value)) return [turn(spot)];
  const turns = spot.items().map(turn);
  if (turns.length === 0) throw spot.misread('must hold an alternative');
  return turns;
}

function turn(spot: Spot): ScriptedTurn {
  const members = spot.members(['when', 'expect', 'say', 'calls', 'stop', 'usage', 'fail']);
  const calls = members.find('calls')?.items().map(call) ?? [];
  const say = members.find('say')?.text() ?? '';
  const fail = members.find('fail');
  if (say === '' && calls.length === 0 && fail === undefined) {
    throw spot.misread('must say something, call something or fail');
  }
  const stop = members.find('stop')?.oneOf(['end', 'calls', 'length', 'refusal', 'other']);
  return {
    when: condition(members.find('when')),
    expect: condition(members.find('expect')),
    say,
    calls,
    stop: stop ?? (calls.length > 0 ? 'calls' : 'end'),
    usage: usage(members.find('usage')),
    fail: fail === undefined ? undefined : failure(fail),
  };
}

function condition(spot: Spot | undefined): Condition {
  const members = spot?.members(['failedWith', 'succeeded', 'contains']);
  return {
    failedWith: members?.find('failedWith')?.name(),
    succeeded: members?.find('succeeded')?.name(),
    contains: members?.find('contains')?.name(),
  };
}

function call(spot: Spot): ScriptedCall {
  const members = spot.members(['name', 'args', 'malformed', 'routing']);
  const name = members.need('name').name();
  const routing = routed(members.find('routing')?.value);
  const malformed = members.find('malformed');
  if (malformed === undefined) return { name, args: members.need('args').object(), routing };
  if (members.find('args') !== undefined) {
    throw spot.misread('has both "args" and "malformed"');
  }
  return { name, args: { malformed: malformed.text() }, routing };
}

/** The script plays the router too: it names a choice that has no digest. */
function routed(value: Json | undefined): Json | undefined {
  if (!isJsonObject(value) || Object.hasOwn(value, 'decision')) return value;
  return { ...value, decision: routingDecision(value as RoutingChoice & typeof value) };
}

function usage(spot: Spot | undefined): Usage | undefined {
  const members = spot?.members(['inputTokens', 'cachedInputTokens', 'outputTokens']);
  return members === undefined
    ? undefined
    : {
        inputTokens: members.need('inputTokens').count(),
        cachedInputTokens: members.find('cachedInputTokens')?.count() ?? 0,
        outputTokens: members.need('outputTokens').count(),
      };
}

function failure(spot: Spot): ScriptedFailure {
  const members = spot.members(['class', 'code', 'message', 'retryAfterMs', 'times']);
  const read: ModelFailure = {
    class: members.need('class').oneOf(['terminal', 'retryable', 'unknown']),
    code: members.need('code').name(),
    message: members.find('message')?.text() ?? 'the script fails here',
    retryAfterMs: members.find('retryAfterMs')?.count(),
  };
  return {
    failure: read,
    times: members.find('times')?.count() ?? Number.MAX_SAFE_INTEGER,
  };
}

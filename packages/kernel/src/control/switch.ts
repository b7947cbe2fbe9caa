import { isDigest, isJsonObject, parseRecord, textOf, type JsonObject } from '../encoding/index.ts';
import { controlModes, type ControlMode, type ControlScope } from './halt.ts';

/** What a switch file takes away. */
export type Switched = ControlScope & { readonly mode: ControlMode; readonly reason: string };

const members = ['mode', 'run', 'plan', 'writ', 'reason'];
const isName = textOf(1, 128);
const isReason = textOf(0, 4096);

/**
 * The content of a switch file: nothing, which kills everything, or a JSON object that may name a
 * `mode`, a `run`, a `plan` or a `writ`, and a `reason`. Whatever is not understood kills everything, since
 * whoever wrote it meant to stop something.
 */
export function readSwitch(text: string): Switched {
  if (text.trim() === '') return everything('it is there');
  const parsed = parseRecord(text.trim());
  if (!parsed.ok || !isJsonObject(parsed.value)) return brokenSwitch('it is no JSON object');
  const { mode = 'kill', reason = 'it is there' } = parsed.value;
  const known = controlModes.find((each) => each === mode);
  const strange = Object.keys(parsed.value).find((name) => !members.includes(name));
  if (strange !== undefined) return brokenSwitch(`it has a member "${strange}"`);
  if (known === undefined) return brokenSwitch('its mode is none of kill, soft and lockdown');
  if (typeof reason !== 'string' || !isReason(reason)) return brokenSwitch('its reason is no text');
  const scope = scopeOf(parsed.value);
  if (scope === undefined)
    return brokenSwitch('it names neither a run, a plan nor a writ as it should');
  return { ...scope, mode: known, reason };
}

/** A switch that is there and cannot be read. */
export function brokenSwitch(why: string): Switched {
  return everything(`it cannot be read, ${why}`);
}

function everything(reason: string): Switched {
  return { scope: 'all', run: null, mode: 'kill', reason };
}

function scopeOf({ run, plan, writ }: JsonObject): ControlScope | undefined {
  const named = [run, plan, writ].filter((each) => each !== undefined);
  if (named.length === 0) return { scope: 'all', run: null };
  if (named.length > 1) return undefined;
  if (typeof run === 'string' && isName(run)) return { scope: 'run', run };
  if (typeof plan === 'string' && isName(plan)) return { scope: 'plan', run: null, plan };
  return isDigest(writ) ? { scope: 'writ', run: null, writ } : undefined;
}

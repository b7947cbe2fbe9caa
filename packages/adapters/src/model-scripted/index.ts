export { parseScript, readScript } from './script-parser.ts';
export { scriptedModel } from './scripted-model.ts';
export type { Condition, Script, ScriptedCall, ScriptedFailure, ScriptedTurn } from './script.ts';

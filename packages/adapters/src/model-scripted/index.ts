export { loadScript, parseScript, readScript } from './script-parser.ts';
export { scriptedModel } from './scripted-model.ts';
export {
  type Condition,
  type Script,
  type ScriptedCall,
  type ScriptedFailure,
  type ScriptedTurn,
} from './script.ts';

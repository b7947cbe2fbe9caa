export {
  clear,
  engage,
  readClearance,
  readEngagement,
  type Clearance,
  type Control,
  type Engagement,
} from './control.ts';
export { evolveControls, mayControl, type Controls, type Engaged } from './evolve.ts';
export {
  concerns,
  controlModes,
  haltRemedy,
  haltText,
  stops,
  strongest,
  type Bearing,
  type ControlMode,
  type ControlScope,
  type Halt,
} from './halt.ts';
export { brokenSwitch, readSwitch, type Switched } from './switch.ts';

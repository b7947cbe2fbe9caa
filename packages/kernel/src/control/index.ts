export {
  clear,
  engage,
  readClearance,
  readEngagement,
  type Clearance,
  type Control,
  type Engagement,
  type ReadControl,
} from './control.ts';
export { evolveControls, haltsRun, mayControl, type Controls } from './evolve.ts';

import { pass, refuse, type Stage } from '../compilation.ts';

/** Stage 1: kill switches and lockdown. */
export const controls: Stage = ({ input }) => {
  const [engaged] = input.controls;
  if (engaged === undefined) return pass;
  return refuse('control.halted', `halted for ${engaged.scope}: ${engaged.reason}`);
};

import { effects, type Effect } from '../../contract/index.ts';
import { haltRemedy, haltText, stops, strongest } from '../../control/index.ts';
import { pass, refuse, type Stage } from '../compilation.ts';
import type { CompileInput } from '../model.ts';

/** Stage 1: kill switches and lockdown. The one that takes away most is told. */
export const controls: Stage = ({ input }) => {
  const known = effectsOf(input);
  const halt = strongest(input.controls.filter(({ mode }) => stops(mode, known)));
  if (halt === undefined) return pass;
  const { mode, scope, source } = halt;
  return refuse('control.halted', haltText(halt), {
    details: { mode, scope, source },
    remedy: haltRemedy(halt),
  });
};

/** Effects of contract and arguments; undefined where one of these is not known, or is not one. */
function effectsOf({ capability, normalised }: CompileInput): readonly Effect[] | undefined {
  if (capability === undefined || normalised?.ok !== true) return undefined;
  const all = [capability.contract.effect, ...normalised.value.effects];
  return all.every((effect) => effects.includes(effect)) ? all : undefined;
}

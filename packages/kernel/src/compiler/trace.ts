import { stageNames, type StageName, type Trace, type Verdict } from './model.ts';

function traceUntil(stop: number, verdict: Verdict): Trace {
  const verdicts = stageNames.map((name, index): [StageName, Verdict] => [
    name,
    index < stop ? 'pass' : index === stop ? verdict : 'unreached',
  ]);
  // In the order of the canonical text, which need not be sorted then.
  verdicts.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.freeze(Object.fromEntries(verdicts) as Record<StageName, Verdict>);
}

/** There are few traces, so they are made once: by verdict, by place of the stage that gave it. */
const traces = {
  pass: stageNames.map((_, index) => traceUntil(index, 'pass')),
  refuse: stageNames.map((_, index) => traceUntil(index, 'refuse')),
  hold: stageNames.map((_, index) => traceUntil(index, 'hold')),
};

/** All stages passed up to `stage`, which gave `verdict`; the later ones were not reached. */
export function traceOf(stage: StageName, verdict: keyof typeof traces): Trace {
  const trace = traces[verdict][stageNames.indexOf(stage)];
  return trace ?? traceUntil(stageNames.indexOf(stage), verdict);
}

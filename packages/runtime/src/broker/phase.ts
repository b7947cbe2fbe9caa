/** Steps of an action through the broker, in order. */
export const phases = [
  'prepared',
  'compiled',
  'journalled',
  'executing',
  'executed',
  'observed',
  'settled',
] as const;

export type Phase = (typeof phases)[number];

/**
 * Called when an action enters a phase:
 * `prepared` outside facts are read · `compiled` decided, nothing recorded · `journalled` intent,
 * proposal and start are durable · `executing` the effect is about to begin · `executed` the
 * effect has ended, nothing of it is recorded · `observed` checked, redacted, snapshot taken ·
 * `settled` the commit is durable.
 */
export type PhaseProbe = (phase: Phase) => void;

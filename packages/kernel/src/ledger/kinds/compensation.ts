import { array, content, count, object, text } from '../schema.ts';

/** Kinds of a run that undoes what another has done. */
export const compensationKinds = {
  /** What is to be undone, all of it found fit to be done before the first step. */
  'compensation.planned': object({
    /** In the order in which they are done: what was done last is undone first. */
    steps: array(
      object({
        /** Entries of the source that it undoes: commits, the last first. */
        commits: array(count),
        capability: text,
        args: content,
      }),
    ),
    /** Entries of the source that nothing can undo: commits, and executions in doubt. They stay. */
    lasting: array(object({ entry: count, capability: text })),
  }),
  'compensation.finished': object({
    /** Steps that were done, and those that were not. */
    done: count,
    left: count,
  }),
} as const;

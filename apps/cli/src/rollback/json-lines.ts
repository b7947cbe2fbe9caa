import { closed, count, line, listOf, text, type JsonLine } from '../json-line.ts';

export const rollbackLines: Readonly<Record<string, JsonLine>> = {
  rollback: line(
    ['rollback'],
    'What is to be undone of a run so that it is as after the entry `to`: the steps in their order, each with the entries that it undoes, and the entries of what nothing can undo.',
    {
      ...{ run: text, to: count },
      steps: listOf(closed({ commits: listOf(count), capability: text })),
      lasting: listOf(closed({ entry: count, capability: text })),
    },
  ),
};

import { closed, count, line, listOf, text, type JsonLine } from '../json-line.ts';

export const rollbackLines: Readonly<Record<string, JsonLine>> = {
  rollback: line(
    ['rollback', 'resume'],
    'What is to be undone of a run so that it is as after the entry `to`: the steps in their order, each with the entries that it undoes, the entries of what nothing can undo, those of the runs that it goes on from which stay, and the runs that go on from what is to be undone: with --with-children, each of them has such a line before this one.',
    {
      ...{ run: text, to: count },
      steps: listOf(closed({ commits: listOf(count), capability: text })),
      lasting: listOf(closed({ entry: count, capability: text })),
      inherited: listOf(closed({ run: text, entry: count, capability: text })),
      children: listOf(text),
    },
  ),
};

import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import {
  openRunState,
  readRunState,
  resumeRunState,
  runStateJson,
  type RunState,
} from '@chancery/kernel/replay';
import { Fault } from '@chancery/kernel/refusal';
import { corrupt, type Projection } from './keeper.ts';
import { isEndedView } from './run-view-form.ts';
import { runView, type RunView } from './run-view.ts';

/** All runs of a ledger. One that has ended is kept as it is shown, and nothing more of it. */
export interface RunList {
  readonly open: Map<string, RunState>;
  readonly ended: Map<string, RunView>;
}

export const runList: Projection<RunList> = {
  name: 'runs',
  concerns: (stream) => stream.startsWith('run:'),
  initial: () => ({ open: new Map(), ended: new Map() }),
  evolve: (list, sealed) => {
    const { stream, seq, prev } = sealed.entry;
    if (list.ended.has(stream)) throw corrupt(stream, seq, 'the run has ended');
    const state = list.open.get(stream) ?? openRunState(stream);
    const { head } = state;
    if (seq !== (head === null ? 0 : head.seq + 1)) throw corrupt(stream, seq, 'one is missing');
    if (head !== null && prev !== head.digest) {
      throw corrupt(stream, seq, 'it is not linked to the entry before');
    }
    state.advance(sealed);
    if (state.finished === undefined) list.open.set(stream, state);
    else {
      list.open.delete(stream);
      list.ended.set(stream, endedView(state));
    }
    return list;
  },
  save: ({ open, ended }) => ({
    open: [...open.values()].map(runStateJson),
    ended: [...ended.values()] as unknown as readonly Json[],
  }),
  restore: (json) => {
    if (!isJsonObject(json) || !isList(json['open']) || !isList(json['ended'])) return undefined;
    const states = json['open'].map((each) =>
      isJsonObject(each) ? readRunState(each) : undefined,
    );
    const views = json['ended'];
    const list = runList.initial();
    for (const facts of states) {
      if (facts === undefined) return undefined;
      list.open.set(facts.stream, resumeRunState(facts));
    }
    for (const view of views) {
      if (!isEndedView(view)) return undefined;
      list.ended.set(`run:${view.run}`, view);
    }
    return list;
  },
};

function isList(value: Json | undefined): value is readonly (Json | JsonObject)[] {
  return Array.isArray(value);
}

function endedView(state: RunState): RunView {
  const view = runView(state, () => {
    throw new Fault('a run that has ended waits for nobody');
  });
  if (view === undefined) throw corrupt(state.stream, 0, 'the run ends before it begins');
  return view;
}

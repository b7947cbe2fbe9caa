import type { DriveEnd } from '@chancery/runtime/drive';
import type { RunView } from '@chancery/runtime/projections';
import type { Listed } from './listed.ts';

interface Ways {
  /** What runs this command again. */
  readonly name: string;
  /** The command that goes on with the run. */
  readonly goOn: string;
}

interface Ended extends Ways {
  readonly end: DriveEnd;
  readonly applied: string | null;
}

/** Commands that go on from where driving a run has ended. */
export function stepsAfter(
  { run, branch }: RunView,
  { end, applied, name, goOn }: Ended,
): readonly string[] {
  switch (end.kind) {
    case 'held':
      return [...answering(name, end.action), goOn];
    case 'in-doubt':
      return settling(name, run, end.action);
    case 'stopped':
      return [goOn];
    case 'halted':
      return [...lifting(name), goOn];
    case 'finished': {
      const { outcome, commit } = end.body;
      if (commit === null) return [`${name} audit ${run}`];
      const deliver = outcome === 'succeeded' && applied === null ? [`${name} apply ${run}`] : [];
      return [...deliver, `git diff HEAD...${branch}`, `${name} audit ${run}`];
    }
  }
}

/** Commands that go on with a run that has not ended, as it stands; none where it goes on by itself. */
export function stepsFrom(
  { run, status, driven, answer, halted }: Listed,
  { name, goOn }: Ways,
): readonly string[] {
  const again = driven ? [] : [goOn];
  switch (status.phase) {
    case 'waiting':
      return [...(answer === null ? answering(name, status.action) : []), ...again];
    case 'in-doubt':
      return settling(name, run, status.action);
    case 'open':
      return halted === null ? again : [...lifting(name), ...again];
    case 'finished':
      return [];
  }
}

function answering(name: string, action: string): readonly string[] {
  const id = action.slice(0, 12);
  return [`${name} approve ${id}`, `${name} deny ${id}`];
}

function settling(name: string, run: string, action: string): readonly string[] {
  const id = action.slice(0, 12);
  return [
    `${name} resume ${run} --happened ${id} --evidence TEXT`,
    `${name} resume ${run} --did-not-happen ${id} --evidence TEXT`,
  ];
}

function lifting(name: string): readonly string[] {
  return [`${name} halt list`, `${name} clear`];
}

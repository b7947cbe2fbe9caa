import { MemoryStore } from '@chancery/adapters/store-memory';
import pc from 'picocolors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { valueOf } from '@chancery/testkit/builders';
import { homeOf } from '../home.ts';
import { columnsOf } from '../terminal/columns.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { Narrator } from './narrator.ts';

const columns = 24;

/** What stood in the line that the next one takes the place of, one after the other. */
function narratorOn({ isTty }: { readonly isTty: boolean }) {
  const told: (string | undefined)[] = [];
  const no = (): never => {
    throw new Error('nothing is told here but what is going on');
  };
  const terminal: Terminal = {
    ...{ paint: pc.createColors(false), columns, isTty },
    ...{ line: no, note: no, json: no, raw: no, endWithReader: no },
    status: (text) => void told.push(text),
  };
  const env = { CHANCERY_HOME: '/nowhere' };
  const session = { terminal, home: valueOf(homeOf(env)), env, json: false };
  const keys = { ensure: no, find: no, seal: no, open: no, destroy: no };
  const options = { all: false, live: true, keys };
  return { told, narrator: new Narrator(session, new MemoryStore(), options) };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('while a repository is prepared', () => {
  it('a person is told so, and for how long, within the width of the terminal', () => {
    const { told, narrator } = narratorOn({ isTty: true });
    narrator.preparing();
    vi.advanceTimersByTime(100);
    expect(told).toEqual([expect.stringContaining('the repository')]);
    vi.advanceTimersByTime(1_000);
    expect(new Set(told).size).toBeGreaterThan(9);
    expect(told.map((text) => columnsOf(text ?? ''))).toEqual(told.map(() => columns - 1));
  });

  it('is told no longer once it is', () => {
    const { told, narrator } = narratorOn({ isTty: true });
    narrator.preparing();
    vi.advanceTimersByTime(200);
    narrator.prepared();
    narrator.prepared();
    expect(narrator.preparedMs).toBe(200);
    expect(told.at(-1)).toBeUndefined();
    const shown = told.length;
    vi.advanceTimersByTime(1_000);
    expect(told).toHaveLength(shown);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('nothing is told where nobody looks', () => {
    const { told, narrator } = narratorOn({ isTty: false });
    narrator.preparing();
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([]);
  });
});

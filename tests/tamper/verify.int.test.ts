import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { isJsonObject, parseRecord, type Json, type JsonObject } from '@chancery/kernel/encoding';
import { chancery } from '../ground/command.ts';
import { dropGround, type Ground } from '../ground/ground.ts';
import {
  editBlob,
  entryOf,
  flip,
  remove,
  removeBlob,
  rewrite,
  swapPositions,
  swapTexts,
  type Attack,
} from './attacks.ts';
import { attack, gather, verificationOf, type Evidence, type Row } from './scene.ts';

let evidence: Evidence;
beforeAll(async () => {
  evidence = await gather();
});
afterAll(() => dropGround(evidence.ground));

let attacks = 0;

/** Does something with the ledger after the attack on a copy of it. */
async function after<T>(work: Attack, look: (ground: Ground) => Promise<T>): Promise<T> {
  const ground = attack(evidence, `attack-${(attacks += 1)}`, work);
  try {
    return await look(ground);
  } finally {
    rmSync(ground.home.folder, { recursive: true });
  }
}

/** What `chancery verify` ends with and says, for a program and for a person. */
function verified(work: Attack) {
  return after(work, async (ground) => {
    const told = await chancery(ground, ['verify']);
    const { exit, stdout } = await chancery(ground, ['verify', '--json']);
    const parsed = parseRecord(stdout.trimEnd());
    const report = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
    return {
      told,
      exit,
      ok: report['ok'],
      findings: report['findings'] as readonly Json[],
      report,
    };
  });
}

function rowsOf(kind: string): readonly Row[] {
  return evidence.rows.filter(({ text }) => entryOf(text)['kind'] === kind);
}

/** The n-th entry of a kind. */
function rowOf(kind: string, nth = 0): Row {
  const row = rowsOf(kind).at(nth);
  if (row === undefined) throw new Error(`the run has no ${kind} ${nth}`);
  return row;
}

const lastRow = (): Row => evidence.rows.at(-1) ?? rowOf('run.finished');
const later = (body: JsonObject): JsonObject => ({ ...body, turn: Number(body['turn']) + 1 });
const reworded = (body: JsonObject): JsonObject => ({ ...body, reason: 'another reason' });

describe('a ledger that a run has written', () => {
  it('verifies as it is', async () => {
    const { told, exit, ok, findings } = await verified(() => undefined);
    expect([told.exit, exit, ok, findings]).toEqual([0, 0, true, []]);
  });

  it('holds every kind of ending that this attack is made on', () => {
    const kinds = new Set(evidence.rows.map(({ text }) => entryOf(text)['kind']));
    const endings = ['commit', 'execution.failed', 'proposal.rejected', 'approval.resolved'];
    expect([...endings, 'run.finished'].filter((kind) => !kinds.has(kind))).toEqual([]);
    expect(evidence.blobs.length).toBe(1);
  });
});

describe('one byte of an entry that is changed', () => {
  it('is found wherever it is, and the entry is named first', async () => {
    const row = fc.nat().map((n) => evidence.rows[n % evidence.rows.length] ?? lastRow());
    await fc.assert(
      fc.asyncProperty(row, fc.nat(), fc.integer({ min: 1, max: 255 }), async (row, at, mask) => {
        const offset = at % Buffer.byteLength(row.text);
        const { ok, findings } = await after(flip(row, offset, mask), (ground) =>
          verificationOf(ground, evidence.ledger),
        );
        const [first] = findings;
        expect([ok, first?.stream, first?.seq]).toEqual([false, row.stream, row.seq]);
      }),
      cases(150),
    );
  });

  it('is found in the last byte of every entry, the last of a stream included', async () => {
    const missed: string[] = [];
    for (const row of evidence.rows) {
      const { findings } = await after(flip(row, Buffer.byteLength(row.text) - 3, 1), (ground) =>
        verificationOf(ground, evidence.ledger),
      );
      const [first] = findings;
      if (first?.stream !== row.stream || first.seq !== row.seq) missed.push(row.text);
    }
    expect(missed).toEqual([]);
  });
});

interface Forgery {
  readonly name: string;
  readonly work: () => Attack;
  /** The code that is told first, and the entry that is named with it. */
  readonly found: string;
  readonly at: () => Row;
}

const forgeries: readonly Forgery[] = [
  {
    name: 'a byte of the genesis that is changed',
    work: () => flip(rowOf('ledger.created'), 200, 1),
    found: 'ledger.foreign',
    at: () => rowOf('ledger.created'),
  },
  {
    name: 'a byte of a commit that is changed',
    work: () => flip(rowOf('commit'), rowOf('commit').text.indexOf('as it was'), 1),
    found: 'entry.altered',
    at: () => rowOf('commit'),
  },
  {
    name: 'a byte of the very last entry that is changed',
    work: () => flip(lastRow(), lastRow().text.indexOf('"reason":"') + 12, 1),
    found: 'entry.altered',
    at: () => lastRow(),
  },
  {
    name: 'an entry in the middle that is deleted',
    work: () => remove(rowOf('commit', 1)),
    found: 'stream.broken',
    at: () => evidence.rows[rowOf('commit', 1).position + 1] ?? lastRow(),
  },
  {
    name: 'the last entry of a batch that is deleted with its stream',
    work: () =>
      remove(rowOf('approval.requested'), rowOf('approval.voted'), rowOf('approval.resolved')),
    found: 'ledger.gap',
    at: () => evidence.rows[rowOf('approval.resolved').position + 1] ?? lastRow(),
  },
  {
    name: 'two entries that have traded their contents',
    work: () => swapTexts(rowOf('commit', 0), rowOf('commit', 1)),
    found: 'entry.unreadable',
    at: () => rowOf('commit', 0),
  },
  {
    name: 'two entries that have traded their positions',
    work: () => swapPositions(rowOf('commit', 0), rowOf('turn.finished', 0)),
    found: 'stream.broken',
    at: () => ({ ...rowOf('turn.finished', 0), position: rowOf('commit', 0).position }),
  },
  {
    name: 'an entry that is rewritten with all that follow in its stream, before a signed vote',
    work: () => rewrite(evidence.rows, rowOf('turn.started'), later),
    found: 'cause.unknown',
    at: () => rowOf('approval.requested'),
  },
  {
    name: 'an outcome of a vote that is rewritten with all that follow in its stream',
    work: () =>
      rewrite(evidence.rows, rowOf('approval.resolved'), (body) => ({
        ...body,
        outcome: 'denied',
      })),
    found: 'approval.invalid',
    at: () => rowOf('approval.resolved'),
  },
  {
    name: 'a blob that is edited',
    work: () => editBlob(evidence.blobs[0] ?? ''),
    found: 'blob.missing',
    at: () => rowOf('commit', 1),
  },
  {
    name: 'a blob that is deleted',
    work: () => removeBlob(evidence.blobs[0] ?? ''),
    found: 'blob.missing',
    at: () => rowOf('commit', 1),
  },
];

describe('chancery verify', () => {
  const titled = forgeries.map((each) => [each.name, each] as const);
  it.each(titled)('ends with 7 and names the entry for %s', async (_name, each) => {
    const { work, found, at } = each;
    const { told, exit, ok, findings } = await verified(work());
    const { stream, seq, position } = at();
    expect([told.exit, exit, ok]).toEqual([7, 7, false]);
    expect(findings[0]).toMatchObject({ severity: 'tampered', code: found, stream, seq, position });
    expect(told.stdout).toContain(`tampered ${found}`);
    expect(told.stdout).toContain(`entry ${seq} of ${stream} (position ${position})`);
  });

  it('cannot tell, without a copy elsewhere, that the last whole batches were cut off', async () => {
    const { exit, ok, report } = await verified(remove(lastRow()));
    expect([exit, ok]).toEqual([0, true]);
    // What is left is the truth of an earlier moment: a run that has not ended.
    expect(JSON.stringify(report['runs'])).not.toContain('"outcome":"succeeded"');
  });

  it('cannot tell, without a copy elsewhere, that what no other stream and no signature confirms was written anew', async () => {
    const { exit, ok } = await verified(rewrite(evidence.rows, lastRow(), reworded));
    expect([exit, ok]).toEqual([0, true]);
  });
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  CheckpointAudit,
  lostAt,
  type HeadVerdict,
  type PublishedRecord,
} from '@chancery/kernel/audit';
import type { StoredEntry } from '@chancery/kernel/ledger';
import type { Digest } from '@chancery/kernel/encoding';
import type { Finding, Verifier } from '@chancery/kernel/replay';
import { done, refused, RefusalError, type Refusal, type Result } from '@chancery/kernel/refusal';
import { checkpointPath, noteText } from '@chancery/runtime/transparency';
import type { LedgerSource } from '@chancery/runtime/snapshots';
import { parsePlaces, placeText } from './anchor-place.ts';
import { publishedAt, recordedAnchors, type Published } from './anchoring.ts';
import { tilesOf } from '../compose/log.ts';
import { granted } from '../exit.ts';
import { headCodes, isHeadCode, type HeadCode } from './head-codes.ts';
import type { Home } from '../home.ts';

/** Found of a signed checkpoint: of the ledger as a whole, or of the entry that says where it is. */
export type FoundHead = Omit<Finding, 'code'> & { readonly code: Finding['code'] | HeadCode };

const severity = 'tampered';

/** A signed checkpoint, and where it is kept. */
interface Kept {
  readonly where: string;
  readonly note: string;
}

/** Why something could not be compared, or why too little is there to compare with. */
interface Problem {
  readonly code: HeadCode;
  readonly message: string;
}

/** Signed checkpoints that a ledger has to go on from. */
export interface Checkpoints {
  /** In its home. */
  readonly own: readonly Kept[];
  /** At each of the anchors that were named, and could be read. */
  readonly published: readonly Published[];
  /** That the ledger itself says were published. */
  readonly recorded: readonly PublishedRecord[];
  /** Of the home, and of the anchors. */
  readonly problems: readonly Problem[];
}

/**
 * Compares a ledger, as its entries pass by in order, with the latest checkpoint of its home, and with
 * those that are kept elsewhere.
 */
export class HeadCheck {
  readonly #ledger: Digest;
  readonly #kept: readonly Kept[];
  readonly #given: Checkpoints;
  /** Of those that are kept outside the ledger, then of those that it records. */
  readonly #audit: CheckpointAudit;
  #entries = 0;

  constructor(ledger: Digest, given: Checkpoints) {
    const { own, published, recorded } = given;
    this.#ledger = ledger;
    this.#given = given;
    const elsewhere = published.flatMap(({ place, notes }) =>
      notes.map((note) => ({ where: place, note })),
    );
    this.#kept = [...own, ...elsewhere];
    this.#audit = new CheckpointAudit([...this.#kept, ...recorded].map(({ note }) => note));
  }

  take(stored: StoredEntry, digest: Digest): void {
    this.#audit.take(stored, digest);
    this.#entries += 1;
  }

  /**
   * What contradicts the ledger, and what could not be compared with it, after all entries. Of a record
   * whose checkpoint no key of the ledger has signed, verification itself says so, and also what is
   * wrong where its keys cannot be read.
   */
  found({ trust: known }: Verifier): readonly FoundHead[] {
    const { published, recorded, problems } = this.#given;
    const rest = [
      ...published.flatMap(({ place, notes }) => lostAt(place, notes, recorded)),
      ...problems.map((problem) => this.#ofWhole(problem)),
    ];
    if (known === undefined) return rest;
    const trust = { ledger: this.#ledger, witnesses: [], quorum: 0 };
    const judged = this.#audit.judge(trust, known);
    return [
      ...this.#kept.flatMap(({ where }, index) => this.#contradicting(where, judged[index])),
      ...misstated(recorded, judged.slice(this.#kept.length)),
      ...rest,
    ];
  }

  #contradicting(where: string, judged: Result<HeadVerdict> | undefined): readonly FoundHead[] {
    if (judged === undefined || judged.ok) return [];
    return [this.#ofWhole(problemAt(where, judged.refusal))];
  }

  #ofWhole({ code, message }: Problem): FoundHead {
    const place = { stream: 'ledger', seq: 0, position: this.#entries };
    return { severity: headCodes[code].severity, code, ...place, message };
  }
}

/** A refusal as a finding that names the place. Any other ends the command. */
function problemAt(where: string, refusal: Refusal): Problem {
  const { code, message } = refusal;
  if (!isHeadCode(code)) throw new RefusalError(refusal);
  return { code, message: message.includes(where) ? message : `${where}: ${message}` };
}

/** The records whose checkpoint is of other entries; verification tells of more than were here. */
function misstated(
  recorded: readonly PublishedRecord[],
  judged: readonly Result<HeadVerdict>[],
): readonly FoundHead[] {
  return recorded.flatMap(({ at }, index) => {
    const result = judged[index];
    if (result === undefined || result.ok) return [];
    const { code, message, details } = result.refusal;
    const isOfOthers = code === 'checkpoint.mismatch' && Number(details['size']) <= at.position;
    return isOfOthers ? [{ severity, code: 'anchor.misstated', ...at, message }] : [];
  });
}

/**
 * The check against the latest checkpoint of the home, against what is kept at these places, and
 * against what the ledger says was published. What cannot be read, or is not there, is found with the
 * rest. Refuses `usage.invalid` for what names no place.
 */
export async function headCheck(
  home: Home,
  { store, ledger }: LedgerSource,
  against: readonly string[],
): Promise<HeadCheck> {
  const own = await ownCheckpoint(home);
  // Before the places are read: what is published meanwhile is recorded later, and is missed nowhere.
  const recorded = await recordedAnchors(store);
  const published: Published[] = [];
  const problems: Problem[] = [];
  for (const place of granted(parsePlaces(against))) {
    const read = await publishedAt(place, ledger, recorded);
    if (read.ok) published.push(read.value);
    else problems.push(problemAt(placeText(place), read.refusal));
  }
  if (!own.ok) problems.push(problemAt(checkpointOf(home), own.refusal));
  else if (own.value === undefined) problems.push(...missing(home, published, recorded));
  const kept = own.ok && own.value !== undefined ? [own.value] : [];
  return new HeadCheck(ledger, { own: kept, published, recorded, problems });
}

const checkpointOf = (home: Home): string => join(home.tiles, checkpointPath);

/** Refuses `checkpoint.invalid` for a file that cannot be read, or holds no text. */
async function ownCheckpoint(home: Home): Promise<Result<Kept | undefined>> {
  try {
    const bytes = await (await tilesOf(home)).read(checkpointPath);
    return done(bytes && { where: checkpointOf(home), note: noteText(bytes) });
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return refused('checkpoint.invalid', error.refusal.message);
  }
}

/** That the home has no checkpoint though one was signed: nobody has to be told where none ever was. */
function missing(
  home: Home,
  published: readonly Published[],
  recorded: readonly PublishedRecord[],
): readonly Problem[] {
  const record = recorded.at(-1);
  const keeper = published.find(({ notes }) => notes.length > 0);
  const hasTiles = existsSync(join(home.tiles, 'tile'));
  const why =
    record !== undefined
      ? `entry ${record.at.seq} of ${record.at.stream} says that one was published at ${record.place}`
      : keeper !== undefined
        ? `${keeper.place} keeps one`
        : hasTiles
          ? 'the tiles of one are there'
          : undefined;
  if (why === undefined) return [];
  return [
    { code: 'checkpoint.missing', message: `${checkpointOf(home)} is not there, and ${why}` },
  ];
}

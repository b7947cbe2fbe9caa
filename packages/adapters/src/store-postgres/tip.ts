import type { Client } from 'pg';
import type { Digest } from '@chancery/kernel/encoding';
import type { Head, SealedEntry } from '@chancery/kernel/ledger';
import { refuse } from './failure.ts';
import { headOf, lastOfStreams, type TipRow } from './reader.ts';

/** Streams whose heads are kept in memory; over it all are dropped and read again when needed. */
const streamsKept = 100_000;
/** Entries of other processes that are looked through; over it all is read again when needed. */
const newsRead = 10_000;

interface StreamTip {
  readonly id: number;
  readonly head: Head;
}

/** What the next entry and the next stream are numbered. */
export interface LedgerEnd {
  readonly nextPosition: number;
  readonly nextStream: number;
}

/**
 * What this process believes of the end of the ledger, as of `end().nextPosition`. Only the
 * database can say whether that is still the end; nothing is written upon it otherwise. Changes
 * are staged while a transaction is open, and become known when it is durable.
 */
export class Tip {
  readonly #ledgerId: number;
  readonly #known = new Map<string, StreamTip | undefined>();
  readonly #staged = new Map<string, StreamTip>();
  #end: LedgerEnd | undefined;
  #stagedEnd: LedgerEnd | undefined;
  #founding: Digest | null = null;
  #stagedFounding: Digest | null = null;

  constructor(ledgerId: number) {
    this.#ledgerId = ledgerId;
  }

  /** Reads what is not known of the end and of these streams. */
  async load(client: Client, streams: Iterable<string>): Promise<void> {
    if (this.#end === undefined) await this.see(client, await this.#readEnd(client));
    const unknown = [...new Set(streams)].filter((stream) => !this.#known.has(stream));
    if (unknown.length === 0) return;
    const { rows } = await client.query<TipRow>({
      name: 'tips',
      text: `${lastOfStreams} AND s.name = ANY ($2)`,
      values: [this.#ledgerId, unknown],
    });
    for (const stream of unknown) this.#known.set(stream, undefined);
    this.#learn(rows);
  }

  /** Takes the true end, and reads what others have written since the one that was known. */
  async see(client: Client, end: LedgerEnd): Promise<void> {
    const from = this.#end?.nextPosition ?? 0;
    if (end.nextPosition < from) {
      this.forget();
      throw refuse('ledger.corrupt', 'the ledger has lost entries that were there before');
    }
    if (end.nextPosition - from > newsRead || this.#known.size > streamsKept) this.#known.clear();
    else if (this.#known.size > 0 && end.nextPosition > from) {
      this.#learn(await this.#news(client, from));
    }
    if (this.#founding === null && end.nextPosition > 0) {
      this.#founding = await this.#readFounding(client);
    }
    this.#end = end;
  }

  end(): LedgerEnd {
    const end = this.#stagedEnd ?? this.#end;
    if (end === undefined) throw refuse('ledger.corrupt', 'the end of the ledger is not known');
    return end;
  }

  /** Digest of the first entry; null while there is none. */
  founding(): Digest | null {
    return this.#founding ?? this.#stagedFounding;
  }

  head(stream: string): Head | null {
    return (this.#staged.get(stream) ?? this.#known.get(stream))?.head ?? null;
  }

  /** Takes an entry at the end; the number of its stream, and whether that is new. */
  stage({ entry: { stream, seq }, digest }: SealedEntry): {
    readonly id: number;
    readonly isNew: boolean;
  } {
    const { nextPosition, nextStream } = this.end();
    const known = this.#staged.get(stream) ?? this.#known.get(stream);
    const isNew = known === undefined;
    const id = known?.id ?? nextStream;
    this.#staged.set(stream, { id, head: { seq, digest } });
    this.#stagedEnd = {
      nextPosition: nextPosition + 1,
      nextStream: isNew ? nextStream + 1 : nextStream,
    };
    this.#stagedFounding ??= digest;
    return { id, isNew };
  }

  /** What was staged is durable. */
  keep(): void {
    for (const [stream, tip] of this.#staged) this.#known.set(stream, tip);
    this.#end = this.end();
    this.#founding = this.founding();
    this.unstage();
  }

  /** What was staged was not written. */
  unstage(): void {
    this.#staged.clear();
    this.#stagedEnd = undefined;
    this.#stagedFounding = null;
  }

  /** Drops all; it is read from the database again when needed. */
  forget(): void {
    this.unstage();
    this.#known.clear();
    this.#end = undefined;
    this.#founding = null;
  }

  #learn(rows: readonly TipRow[]): void {
    for (const row of rows) this.#known.set(row.name, { id: row.id, head: headOf(row) });
  }

  async #news(client: Client, from: number): Promise<readonly TipRow[]> {
    const { rows } = await client.query<TipRow>({
      name: 'news',
      text: `SELECT DISTINCT ON (e.stream) s.id, s.name, e.seq, e.digest FROM chancery.entries e
JOIN chancery.streams s ON s.ledger = e.ledger AND s.id = e.stream
WHERE e.ledger = $1 AND e.position >= $2 ORDER BY e.stream, e.seq DESC`,
      values: [this.#ledgerId, from],
    });
    return rows;
  }

  async #readEnd(client: Client): Promise<LedgerEnd> {
    const { rows } = await client.query<{ next_position: number; next_stream: number }>(
      'SELECT next_position, next_stream FROM chancery.ledgers WHERE id = $1',
      [this.#ledgerId],
    );
    return endOf(rows);
  }

  async #readFounding(client: Client): Promise<Digest> {
    const { rows } = await client.query<{ digest: Buffer }>(
      'SELECT digest FROM chancery.entries WHERE ledger = $1 AND position = 0',
      [this.#ledgerId],
    );
    if (rows[0] === undefined) throw refuse('ledger.corrupt', 'the first entry is missing');
    return rows[0].digest.toString('hex');
  }
}

/** Row of a ledger, as its end. */
export function endOf(
  rows: readonly { readonly next_position: number; readonly next_stream: number }[],
): LedgerEnd {
  const [row] = rows;
  if (row === undefined) throw refuse('ledger.corrupt', 'the ledger is gone');
  return { nextPosition: row.next_position, nextStream: row.next_stream };
}

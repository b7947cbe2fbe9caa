import type { Client } from 'pg';
import type { SealedBatch } from '@chancery/kernel/ledger';
import type { Line } from './connection.ts';
import { failureOf, isLost, refuse } from './failure.ts';
import { planOf, prunes, type Settlement } from './plan.ts';
import { endOf, Tip } from './tip.ts';
import { lockForWriting, type Writing } from './writer-lock.ts';

export interface WriterOptions {
  readonly line: Line;
  readonly ledgerId: number;
  readonly writing: Writing;
}

/**
 * Writes groups of batches, one transaction each, over one connection. First in one statement at
 * the end that is believed; if others have moved it, once more with the ledger's row locked first.
 */
export class Writer {
  readonly #line: Line;
  readonly #tip: Tip;
  readonly #ledgerId: number;
  readonly #writing: Writing;

  constructor({ line, ledgerId, writing }: WriterOptions) {
    this.#line = line;
    this.#tip = new Tip(ledgerId);
    this.#ledgerId = ledgerId;
    this.#writing = writing;
  }

  /**
   * Opens the connection that is written over, with the lock of who writes. A new connection may be
   * one to another server: what was believed of the old one is dropped.
   * @throws {RefusalError} `ledger.unreachable`, `ledger.busy`.
   */
  async connect(): Promise<Client> {
    const { client, isNew } = await this.#line.client();
    if (!isNew) return client;
    this.#tip.forget();
    try {
      await lockForWriting(client, this.#ledgerId, this.#writing);
      return client;
    } catch (error) {
      this.#line.drop();
      throw error;
    }
  }

  /** Settles each batch of the group, in order; durable when it resolves. Does not reject. */
  async write(group: readonly SealedBatch[]): Promise<readonly Settlement[]> {
    if (group.length === 1 || !group.some(prunes)) return this.#writeTogether(group);
    const settlements: Settlement[] = [];
    for (const batch of group) settlements.push(...(await this.#writeTogether([batch])));
    return settlements;
  }

  async #writeTogether(group: readonly SealedBatch[]): Promise<readonly Settlement[]> {
    let client: Client;
    try {
      client = await this.connect();
    } catch (error) {
      return failed(group, failureOf(error));
    }
    try {
      return (await this.#believing(client, group)) ?? (await this.#locking(client, group));
    } catch (error) {
      this.#tip.forget();
      this.#line.drop();
      return isLost(error) ? this.#settleLost(group) : failed(group, failureOf(error));
    }
  }

  /**
   * Undefined when nothing was written, since the end was another, a batch was turned down, or more
   * than one statement is needed.
   */
  async #believing(
    client: Client,
    group: readonly SealedBatch[],
  ): Promise<readonly Settlement[] | undefined> {
    await this.#tip.load(client, streamsOf(group));
    const { settlements, isWhole, statement, pruning } = planOf(group, this.#tip, this.#ledgerId);
    if (isWhole && statement !== undefined && pruning === undefined) {
      const { rowCount } = await client.query(statement);
      if (rowCount !== 0) {
        this.#tip.keep();
        return settlements;
      }
    }
    this.#tip.unstage();
    return undefined;
  }

  async #locking(client: Client, group: readonly SealedBatch[]): Promise<readonly Settlement[]> {
    await client.query('BEGIN');
    const { rows } = await client.query<{ next_position: number; next_stream: number }>({
      name: 'lock',
      text: 'SELECT next_position, next_stream FROM chancery.ledgers WHERE id = $1 FOR UPDATE',
      values: [this.#ledgerId],
    });
    await this.#tip.see(client, endOf(rows));
    await this.#tip.load(client, streamsOf(group));
    const { settlements, statement, pruning } = planOf(group, this.#tip, this.#ledgerId);
    if (statement !== undefined) {
      const { rowCount } = await client.query(statement);
      if (rowCount === 0) throw refuse('ledger.corrupt', 'the end moved under its lock');
      if (pruning !== undefined) await client.query(pruning);
    }
    await client.query('COMMIT');
    this.#tip.keep();
    return settlements;
  }

  /**
   * The answer to what was sent last never came: it may be written, or be about to be. The old
   * connection is ended at the server first, so that the ledger cannot change after it is read. The
   * new one only asks, without the lock of who writes, and is not written over.
   */
  async #settleLost(group: readonly SealedBatch[]): Promise<readonly Settlement[]> {
    const lost = this.#line.name;
    try {
      const { client } = await this.#line.client();
      await endSession(client, lost);
      const settlements: Settlement[] = [];
      for (const batch of group) settlements.push(await this.#find(client, batch));
      return settlements;
    } catch (error) {
      const why = failureOf(error).message;
      const message = `the connection was lost, and it is unknown what was written: ${why}`;
      return failed(group, refuse('ledger.unreachable', message));
    } finally {
      this.#line.drop();
    }
  }

  async #find(client: Client, { entries }: SealedBatch): Promise<Settlement> {
    const [first] = entries;
    if (first !== undefined) {
      const { rows } = await client.query<{ position: number }>(
        `SELECT e.position FROM chancery.entries e
JOIN chancery.streams s ON s.ledger = e.ledger AND s.id = e.stream
WHERE e.ledger = $1 AND s.name = $2 AND e.seq = $3 AND e.digest = $4`,
        [this.#ledgerId, first.entry.stream, first.entry.seq, Buffer.from(first.digest, 'hex')],
      );
      if (rows[0] !== undefined) return { kind: 'appended', position: rows[0].position };
    }
    const message = 'the connection was lost before anything was written';
    return { kind: 'failed', error: refuse('ledger.unreachable', message) };
  }
}

/** How long a session is waited for to end. */
const endingMs = 5_000;

/** Ends a session of this role by its name, and resolves when it is gone. */
async function endSession(client: Client, name: string): Promise<void> {
  const { rows } = await client.query<{ ended: boolean }>(
    `SELECT pg_terminate_backend(pid, $2) AS ended FROM pg_stat_activity
WHERE application_name = $1 AND usename = current_user`,
    [name, endingMs],
  );
  if (rows.every(({ ended }) => ended)) return;
  throw refuse('ledger.unreachable', 'the lost session does not end');
}

function* streamsOf(group: readonly SealedBatch[]): Generator<string> {
  for (const { writes, reads } of group) {
    for (const { stream } of writes) yield stream;
    for (const { stream } of reads) yield stream;
  }
}

function failed(group: readonly SealedBatch[], error: Error): readonly Settlement[] {
  return group.map(() => ({ kind: 'failed', error }));
}

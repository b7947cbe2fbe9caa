import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type ConnectionOptions } from 'node:tls';
import { Client, DatabaseError, TypeOverrides, type ClientConfig } from 'pg';
import { failureOf, refuse } from './failure.ts';

export interface PostgresAddress {
  /** `postgres://user:password@host:port/database`, with `?host=/folder` for a local socket. */
  readonly url: string;
  /** TLS where `url` says nothing of it. Without either, hosts that are not local are verified. */
  readonly tls?: ConnectionOptions;
}

/** Longer than any lock is waited for, so that the server's answer comes before ours. */
const statementTimeoutMs = 10_000;
const lockTimeoutMs = 5_000;
const silenceMs = 15_000;
const connectTimeoutMs = 5_000;

/** Positions are safe integers, though the type of their column reaches further. */
const numbers = new TypeOverrides();
const int8 = 20;
numbers.setTypeParser(int8, Number);

/** How long is waited before each further attempt to connect; then the server is unreachable. */
const backoffMs = [50, 100, 200, 400, 800, 1_600, 3_200];

/**
 * What the driver is told.
 * @throws {RefusalError} `ledger.unreachable` for what is no address; it is not repeated.
 */
export function configOf({ url, tls }: PostgresAddress): ClientConfig {
  const secure = tls ?? (isLocal(parse(url)) ? undefined : {});
  return {
    connectionString: url,
    ...(secure === undefined ? {} : { ssl: secure }),
    types: numbers,
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: silenceMs,
  };
}

function parse(url: string): URL {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw refuse('ledger.unreachable', 'the address of the database is not a postgres:// URL');
  }
  return parsed;
}

function isLocal({ hostname, searchParams }: URL): boolean {
  const host = searchParams.get('host') ?? hostname;
  return host.startsWith('/') || ['', 'localhost', '127.0.0.1', '[::1]', '::1'].includes(host);
}

/** A name for one connection, under which the server knows it. */
function connectionName(): string {
  return `chancery ${randomUUID()}`;
}

/**
 * Connects, again and again for about six seconds where the server is not there or not ready.
 * @throws {RefusalError} `ledger.unreachable`, or as the server answers.
 */
export async function connect(config: ClientConfig): Promise<Client> {
  for (let attempt = 0; ; attempt += 1) {
    const client = new Client(config);
    try {
      await client.connect();
      return client;
    } catch (error) {
      const pauseMs = backoffMs[attempt];
      if (pauseMs === undefined || !mayPass(error)) throw failureOf(error);
      await wait(pauseMs);
    }
  }
}

/** Who is refused by the server for what it asks for, is refused again. */
function mayPass(error: unknown): boolean {
  return !(error instanceof DatabaseError) || /^(53|57)/.test(error.code ?? '');
}

/** One connection, made when it is asked for and made again when it was lost. */
export class Line {
  readonly #config: ClientConfig;
  #open: { readonly client: Client; readonly name: string } | undefined;
  /** Name of the connection that is open or was lost last. */
  #name = '';

  constructor(config: ClientConfig) {
    this.#config = config;
  }

  get name(): string {
    return this.#name;
  }

  /** The connection, and whether it is another one than before. */
  async client(): Promise<{ readonly client: Client; readonly isNew: boolean }> {
    if (this.#open !== undefined) return { client: this.#open.client, isNew: false };
    const name = connectionName();
    const client = await connect({ ...this.#config, application_name: name });
    const open = { client, name };
    const lost = (): void => {
      if (this.#open === open) this.#open = undefined;
    };
    client.on('error', lost);
    client.on('end', lost);
    this.#open = open;
    this.#name = name;
    return { client, isNew: true };
  }

  /** Lets go of a connection whose state is unknown, and waits for no answer of it. */
  drop(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) abandon(open.client);
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.client.end();
  }
}

function abandon(client: Client): void {
  client.end().catch(() => {
    // It is gone already, which is what was wanted.
  });
}

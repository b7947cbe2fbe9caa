import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { failureOf, mayPass } from './failure.ts';

/** How long is waited before each further attempt to connect; then the server is unreachable. */
const backoffMs = [50, 100, 200, 400, 800, 1_600, 3_200];

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
    client.on('error', hearLoss);
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

/**
 * For the event by which the driver tells that a connection was lost, which would end the process
 * if nobody heard it. Whoever asks over that connection meets the loss in what was asked.
 */
export const hearLoss = (): void => undefined;

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

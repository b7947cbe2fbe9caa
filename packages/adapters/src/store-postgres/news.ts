import type { Client, ClientConfig } from 'pg';
import { RefusalError } from '@chancery/kernel/refusal';
import { connect } from './connection.ts';

/** How often the end is looked at all the same: a notice may be lost with whoever was to send it. */
const lookMs = 2_000;

/**
 * Tells of appends of other processes: at once by `LISTEN`, and within two seconds where a notice
 * was lost. Has a connection only while somebody wants to know.
 */
export class News {
  readonly #config: ClientConfig;
  readonly #channel: string;
  readonly #end: () => Promise<number>;
  readonly #tell: () => void;
  #looking: NodeJS.Timeout | undefined;
  #client: Client | undefined;
  #connecting: Promise<void> | undefined;
  #seen: number | undefined;

  constructor(
    config: ClientConfig,
    ledgerId: number,
    { end, tell }: { readonly end: () => Promise<number>; readonly tell: () => void },
  ) {
    this.#config = { ...config, application_name: 'chancery listener' };
    this.#channel = `chancery_${ledgerId}`;
    this.#end = end;
    this.#tell = tell;
  }

  start(): void {
    if (this.#looking !== undefined) return;
    this.#looking = setInterval(() => this.#turn(), lookMs).unref();
    this.#turn();
  }

  async stop(): Promise<void> {
    clearInterval(this.#looking);
    this.#looking = undefined;
    await this.#connecting;
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  #turn(): void {
    this.#connecting ??= this.#renew().finally(() => {
      this.#connecting = undefined;
    });
  }

  /** Listens again where the connection was lost, then looks whether something was missed. */
  async #renew(): Promise<void> {
    try {
      this.#client ??= await this.#listen();
      const end = await this.#end();
      if (end === this.#seen) return;
      this.#seen = end;
    } catch (error) {
      // Whoever listens reads, and meets the failure there; the next turn tries again.
      if (!(error instanceof RefusalError)) throw error;
    }
    if (this.#looking !== undefined) this.#tell();
  }

  async #listen(): Promise<Client> {
    const client = await connect(this.#config);
    const lost = (): void => {
      if (this.#client === client) this.#client = undefined;
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', () => this.#tell());
    await client.query(`LISTEN ${this.#channel}`);
    return client;
  }
}

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect } from 'vitest';
import { isJsonObject, type JsonObject } from '@chancery/kernel/encoding';
import { startPostgres, type PostgresServer } from '@chancery/testkit/postgres-server';
import { homeIn } from '../../apps/cli/src/home.ts';
import { chancery, type Ended } from '../ground/command.ts';
import { commitAll, dropGround, makeGround, writeFiles, type Ground } from '../ground/ground.ts';
import { scriptOf } from '../ground/house.ts';

/** Parts of an address that a test has another value for. */
type AddressChanges = Partial<
  Pick<URL, 'username' | 'password' | 'hostname' | 'pathname' | 'port' | 'search'>
>;

/** A PostgreSQL with a role for runs, and for each test a database and a ground of its own. */
export class DatabaseStand {
  readonly role = `runtime_${randomUUID().slice(0, 8)}`;
  readonly password = 'hush-hush';
  /** Of the role that owns everything, in the database that the server began with. */
  readonly owner: Client;
  readonly #server: PostgresServer;
  #open: { readonly database: string; readonly ground: Ground } | undefined;

  static async start(): Promise<DatabaseStand> {
    const server = await startPostgres();
    if (server === undefined) throw new Error('there is no PostgreSQL to test with');
    const owner = new Client({ connectionString: server.url });
    await owner.connect();
    const stand = new DatabaseStand(server, owner);
    await owner.query(`CREATE ROLE ${stand.role} LOGIN PASSWORD '${stand.password}'`);
    return stand;
  }

  private constructor(server: PostgresServer, owner: Client) {
    this.#server = server;
    this.owner = owner;
  }

  async stop(): Promise<void> {
    await this.owner.query(`DROP ROLE ${this.role}`);
    await this.owner.end();
    await this.#server.dispose();
  }

  /** An empty database, and a repository of one commit. */
  async open(): Promise<Ground> {
    const database = `chancery_${randomUUID().replaceAll('-', '')}`;
    await this.owner.query(`CREATE DATABASE ${database}`);
    const ground = makeGround();
    writeFiles(ground.repository, { 'kept.txt': 'as it was\n' });
    commitAll(ground.repository);
    this.#open = { database, ground };
    return ground;
  }

  async close(): Promise<void> {
    const { database, ground } = this.#opened();
    this.#open = undefined;
    dropGround(ground);
    await this.owner.query(`DROP DATABASE ${database} WITH (FORCE)`);
  }

  urlOf(changes: AddressChanges): string {
    const { database } = this.#opened();
    return Object.assign(new URL(this.#server.url), { pathname: `/${database}` }, changes).href;
  }

  ownerEnv(): Record<string, string> {
    return { CHANCERY_DATABASE_URL: this.urlOf({}) };
  }

  roleUrl(): string {
    return this.urlOf({ username: this.role, password: this.password });
  }

  /** Asks the database of the test, as its owner. */
  async query(sql: string): Promise<readonly unknown[]> {
    const client = new Client({ connectionString: this.urlOf({}) });
    await client.connect();
    try {
      return (await client.query<JsonObject>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Founds the ledger as the owner of the tables; what follows is done by the role of the runtime. */
  async found(): Promise<void> {
    const { ground } = this.#opened();
    const words = ['init', '--database', '--name', 'team', '--runtime-role', this.role];
    const { exit, stderr } = await chancery(ground, words, { env: this.ownerEnv() });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    writeFileSync(ground.home.databaseFile, `${this.roleUrl()}\n`, { mode: 0o600 });
  }

  #opened(): { readonly database: string; readonly ground: Ground } {
    if (this.#open === undefined) throw new Error('no database is open');
    return this.#open;
  }
}

/** The same ground with another home. */
export function withHome(ground: Ground, name: string): Ground {
  return { ...ground, home: homeIn(join(ground.folder, name)) };
}

/** The words that start a run which writes `NAME.txt`. */
export function runWords(ground: Ground, name: string): readonly string[] {
  const script = join(ground.folder, `${name}.json`);
  writeFileSync(script, scriptOf(name, [[['fs.write', { path: `${name}.txt`, text: 'new\n' }]]]));
  return ['run', 'Write', '--repo', ground.repository, '--model', `scripted:${script}`, '--json'];
}

export function linesOf({ stdout }: Ended): readonly JsonObject[] {
  const lines = stdout.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as unknown).filter(isJsonObject);
}

import { chmodSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  CertificateAuthority,
  hasOpenssl,
  serveTls,
  type Certificate,
} from '@chancery/testkit/postgres-server';
import { chancery } from '../ground/command.ts';
import type { Ground } from '../ground/ground.ts';
import { DatabaseStand, linesOf, runWords } from './database-stand.ts';

let stand: DatabaseStand;
let ground: Ground;

/** A role that has no password and is let in by its certificate alone. */
const role = 'certified';

beforeAll(async () => {
  stand = await DatabaseStand.start();
  await stand.owner.query(`CREATE ROLE ${role} LOGIN`);
});

afterAll(async () => {
  await stand.owner.query(`DROP ROLE ${role}`);
  await stand.stop();
});

beforeEach(async () => {
  ground = await stand.open();
});

afterEach(() => stand.close());

interface Said {
  readonly host?: string;
  readonly authority: string;
  readonly client?: Certificate;
}

/** The address of the role, over TLS that is verified in full. */
function addressOf({ host = 'localhost', authority, client }: Said): string {
  const search = new URLSearchParams({ sslmode: 'verify-full', sslrootcert: authority });
  if (client !== undefined) {
    search.set('sslcert', client.certificate);
    search.set('sslkey', client.key);
  }
  const changes = { username: role, password: '', hostname: host, search: search.toString() };
  return stand.urlOf(changes);
}

async function refusalOf(address: string): Promise<unknown> {
  const env = { CHANCERY_DATABASE_URL: address };
  const ended = await chancery(ground, ['runs', '--json'], { env });
  const { exit } = ended;
  const { code, message, remedy } = linesOf(ended).at(-1) ?? {};
  return { exit, code, message, remedy };
}

const isOwnServer = process.env['DATABASE_URL'] === undefined;

describe.runIf(hasOpenssl && isOwnServer)('TLS with certificates on both sides', () => {
  it('carries a ledger from its founding on, and nobody in who has not got the right ones', async () => {
    const servers = new CertificateAuthority(ground.folder, 'servers');
    const clients = new CertificateAuthority(ground.folder, 'clients');
    await serveTls(stand.owner, {
      certificate: servers.issue('server', ['localhost']),
      client: { role, authority: clients.certificate },
    });
    const authority = servers.certificate;
    const client = clients.issue(role);
    const right = addressOf({ authority, client });
    const search = new URLSearchParams({ sslmode: 'verify-full', sslrootcert: authority });
    const owner = stand.urlOf({ hostname: 'localhost', search: search.toString() });
    const founding = ['init', '--database', '--name', 'team', '--runtime-role', role];
    const env = { CHANCERY_DATABASE_URL: owner };
    // The server takes the new settings a moment after it was told to.
    await expect
      .poll(async () => (await chancery(ground, founding, { env })).exit, { timeout: 60_000 })
      .toBe(0);
    writeFileSync(ground.home.databaseFile, right, { mode: 0o600 });
    for (const words of [runWords(ground, 'one'), ['verify'], ['checkpoint', '--json']]) {
      const { exit, stderr } = await chancery(ground, words);
      expect({ words, exit, stderr }).toEqual({ words, exit: 0, stderr: '' });
    }
    const seen = linesOf(await chancery(ground, ['doctor', '--json']));
    const { detail } = seen.find(({ name }) => name === 'database') ?? {};
    expect(detail).toContain(`over TLS; ${role} may append and read`);

    const unreachable = { exit: 1, code: 'ledger.unreachable' };
    const ours = { remedy: expect.stringContaining('with sslcert and its key') as unknown };
    const theirs = { remedy: expect.stringContaining('with sslrootcert') as unknown };
    expect(await refusalOf(addressOf({ authority }))).toMatchObject({
      ...{ ...unreachable, ...ours },
      message: expect.stringContaining('valid client certificate') as unknown,
    });
    for (const [issuer, name] of [
      [clients, 'somebody'],
      [servers, role],
    ] as const) {
      const wrong = addressOf({ authority, client: issuer.issue(name) });
      expect(await refusalOf(wrong)).toMatchObject({ ...unreachable, ...ours });
    }
    const others = [
      addressOf({ authority, client, host: '127.0.0.1' }),
      addressOf({ authority: clients.certificate, client }),
    ];
    for (const other of others) {
      expect(await refusalOf(other)).toMatchObject({ ...unreachable, ...theirs });
    }
    chmodSync(client.key, 0o644);
    expect(await refusalOf(right)).toMatchObject({ exit: 2, code: 'key.exposed' });
  });
});

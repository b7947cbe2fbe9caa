import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type PostgresServer } from '@chancery/testkit/postgres-server';
import { crashSuite, startChild, storeSuite } from '@chancery/testkit/store-suite';
import { migratePostgres } from './migrate.ts';
import { openPostgresStore } from './store.ts';

let server: PostgresServer | undefined;

beforeAll(async () => {
  server = await startPostgres();
  await migratePostgres({ url: url() });
});

afterAll(() => server?.dispose());

function url(): string {
  if (server === undefined) throw new Error('there is no PostgreSQL to test with');
  return server.url;
}

storeSuite({ describe, expect, it }, 'PostgreSQL', {
  isPersistent: true,
  place: async () => {
    const ledger = randomUUID();
    return {
      open: () => openPostgresStore({ url: url(), ledger, create: true }),
      dispose: async () => undefined,
    };
  },
});

crashSuite({ describe, expect, it }, 'PostgreSQL', async () => {
  const options = { url: url(), ledger: randomUUID(), create: true };
  return {
    open: () => openPostgresStore(options),
    startWriter: () => startChild(programOn(options, 'writeUntilKilled')),
    startPruner: () => startChild(programOn(options, 'pruneUntilKilled')),
    dispose: async () => undefined,
  };
});

function programOn(options: object, work: 'writeUntilKilled' | 'pruneUntilKilled'): string {
  return `
import { openPostgresStore } from '${import.meta.resolve('./store.ts')}';
import { ${work} } from '@chancery/testkit/store-suite';
await ${work}(await openPostgresStore(${JSON.stringify(options)}));
`;
}

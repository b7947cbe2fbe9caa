import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crashSuite, startChild } from '@chancery/testkit/store-suite';
import { openSqliteStore } from './store.ts';

crashSuite({ describe, expect, it }, 'SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-sqlite-'));
  const path = join(folder, 'ledger.db');
  return {
    open: async () => openSqliteStore({ path, create: true }),
    startWriter: () =>
      startChild(`
import { openSqliteStore } from '${import.meta.resolve('./store.ts')}';
import { writeUntilKilled } from '@chancery/testkit/store-suite';
await writeUntilKilled(openSqliteStore({ path: ${JSON.stringify(path)} }));
`),
    dispose: async () => rmSync(folder, { recursive: true }),
  };
});

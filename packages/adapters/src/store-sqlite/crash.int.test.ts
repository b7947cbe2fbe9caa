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
    startWriter: () => startChild(programOn(path, 'writeUntilKilled')),
    startPruner: () => startChild(programOn(path, 'pruneUntilKilled')),
    dispose: async () => rmSync(folder, { recursive: true }),
  };
});

function programOn(path: string, work: 'writeUntilKilled' | 'pruneUntilKilled'): string {
  return `
import { openSqliteStore } from '${import.meta.resolve('./store.ts')}';
import { ${work} } from '@chancery/testkit/store-suite';
await ${work}(openSqliteStore({ path: ${JSON.stringify(path)} }));
`;
}

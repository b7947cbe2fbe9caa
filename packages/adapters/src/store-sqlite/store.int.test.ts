import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storeSuite } from '@chancery/testkit/store-suite';
import { openSqliteStore } from './store.ts';

storeSuite({ describe, expect, it }, 'SQLite', {
  isPersistent: true,
  place: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'store-sqlite-'));
    const path = join(folder, 'ledger.db');
    return {
      open: async () => openSqliteStore({ path, create: true }),
      dispose: async () => rmSync(folder, { recursive: true }),
    };
  },
});

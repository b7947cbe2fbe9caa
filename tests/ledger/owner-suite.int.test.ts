import { describe, expect, it } from 'vitest';
import { crashSuite, startChild, storeSuite } from '@chancery/testkit/store-suite';
import { dropFolder, makeFolder, openShared, programIn } from './processes.ts';

storeSuite({ describe, expect, it }, 'SQLite, as its owner', {
  isPersistent: true,
  place: async () => {
    const folder = makeFolder();
    return { open: async () => openShared(folder), dispose: async () => dropFolder(folder) };
  },
});

storeSuite({ describe, expect, it }, 'SQLite, as a guest of its owner', {
  isPersistent: true,
  place: async () => {
    const folder = makeFolder();
    const owner = await openShared(folder);
    return {
      open: async () => openShared(folder),
      dispose: async () => {
        await owner.close();
        dropFolder(folder);
      },
    };
  },
});

crashSuite({ describe, expect, it }, 'SQLite, as a guest of its owner', async () => {
  const folder = makeFolder();
  const owner = await openShared(folder);
  return {
    open: async () => openShared(folder),
    startWriter: () => startChild(programIn(folder, 'await suite.writeUntilKilled(ledger);')),
    startPruner: () => startChild(programIn(folder, 'await suite.pruneUntilKilled(ledger);')),
    dispose: async () => {
      await owner.close();
      dropFolder(folder);
    },
  };
});

import { DBOS } from '@dbos-inc/dbos-sdk';
import { serveRounds, steps, workflows } from './rounds.mjs';

/*
 * node dbos.mjs DATABASE_URL
 *
 * Workflows of steps that do nothing; DBOS records each workflow and each step in the database.
 */

const [systemDatabaseUrl] = process.argv.slice(2);
const nothing = { debug() {}, info() {}, warn() {}, error() {} };

DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl,
  // The fastest of 10, 16, 24, 32 and 50, where two processors are shared with the database.
  systemDatabasePoolSize: 16,
  enableOTLP: false,
  logger: nothing,
});

const workflow = DBOS.registerWorkflow(
  async () => {
    for (let step = 0; step < steps; step += 1) {
      await DBOS.runStep(async () => step, { name: 'step' });
    }
  },
  { name: 'workflow' },
);

await DBOS.launch();
await serveRounds(
  () =>
    Promise.all(
      Array.from({ length: workflows }, async () => {
        const handle = await DBOS.startWorkflow(workflow)();
        await handle.getResult();
      }),
    ),
  () => DBOS.shutdown(),
);

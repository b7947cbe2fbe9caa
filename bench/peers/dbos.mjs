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
  // More connections than workflows would not be used; the default of 10 holds them up.
  systemDatabasePoolSize: 32,
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

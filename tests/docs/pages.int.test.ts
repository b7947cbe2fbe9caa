import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startFakeLlm, type FakeLlm } from '@chancery/testkit/fake-llm';
import { linkedProgram } from '@chancery/testkit/linked-program';
import { bareEnvironment, runProgram } from '@chancery/testkit/program';
import { startPostgres, type PostgresServer } from '@chancery/testkit/postgres-server';
import { opensslMissing } from '@chancery/testkit/timestamp-authority';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commandsOf, npm, root } from './page.ts';

const main = await linkedProgram(path.join(root, 'apps/cli/src/main.ts'));

/** Its authority is that of OpenSSL. */
const attesting = 'docs/guides/attest-a-time.md';

/** What a page's commands have to show, in this order. */
const pages: Readonly<Record<string, readonly string[]>> = {
  'README.md': ['Ledger', 'No run yet'],
  'docs/start.md': [
    'policy.denied: forbidden by forbid-network-tools',
    'LICENSE is protected [hold-protected-files]',
    'exit code 4',
    'Denied, signed by',
    'succeeded: all gates pass',
    'verified',
    'Equal     yes',
    'the state after entry',
    'export const greet = (name) => `Hello, ${name}!`;',
  ],
  'docs/guides/add-a-capability.md': [
    'is written: text.count.',
    '"{file}"',
    '$(rm -rf ~); a b',
    'can be declared.',
    'Declared, signed by',
    'succeeded',
    'is written: github.pull-request.',
    'Declared, signed by',
    'POST https://api.github.com/repos/ours/shop/pulls',
    'exit code 4',
    'declared',
    'manifest in ',
    'Retired, signed by',
    'verified',
  ],
  'docs/guides/approve-in-a-team.md': [
    'ann is trusted: it may approve.',
    'Active, signed by',
    'leads asks 1 key, who have 4 h',
    'Without an answer: asks leads after 1 h.',
    'exit code 4',
    'approval.not-approver',
    'exit code 3',
    'To be remembered until ',
    '@lifts("hold-releases")',
    'Proposed as remembered-',
    'succeeded',
    'proposed',
    'decides from here on, signed by',
    'succeeded',
    'decides nothing, signed by',
    'may answer for',
    'release',
    'answers for',
    'verified',
  ],
  [attesting]: [
    'Attested',
    'CN=Example time',
    'entries of chancery.alt/',
    'Attested',
    'Attested',
    'entries of chancery.alt/',
    'entries existed by',
    'unknown timestamp.unjudged',
    'exit code 1',
    'imported into',
    'Verification: OK',
    'verified',
  ],
  'docs/guides/be-notified.md': [
    'The hook desk is told',
    'The hook desk was told',
    'Halted',
    'to see what is told',
    'Cleared',
    'whsec_',
    'whpk_',
    'https://hooks.example.org/',
    'The hook ops is told nothing more',
    'have arrived',
  ],
  'docs/guides/erase-content.md': [
    'She lives at 12 Example Road.',
    'contents of 1 run',
    'Erased, signed by',
    'contents were erased, by a signed entry',
    'verified',
    'There is nothing to remove.',
  ],
  'docs/guides/give-a-secret.md': [
    'without a passphrase',
    'vault:deploy-token is in the vault, for plan:release',
    'plan:release',
    'hold-secrets',
    'exit code 4',
    'Approved, signed by',
    'exit 0, 1 redacted',
    'vault:deploy-token (plan:release), set',
    'the token is [redacted:known]',
    'vault:api-token is in the vault, for global, in requests to api.example.org:443',
    'vault:deploy-token has another value now, for plan:release',
    'without a passphrase',
    'vault:deploy-token is forgotten',
    'owner is under its passphrase now',
    'Halted',
  ],
  'docs/guides/keep-keys.md': [
    'Says      the ledger team begins',
    'by 0 of the 2 roots that must',
    'by 1 of the 2 roots that must',
    '1 more must sign it.',
    'Enough have signed it',
    'is trusted',
    'Enough have signed it',
    'Name      team',
    'verified',
    'key.not-root',
    'exit code 3',
    'Recorded.',
    '2 of 3 roots must agree',
    'is retired',
    'Recorded.',
    'Kept',
    'is compromised',
    'Recorded.',
    'verified',
  ],
  'docs/guides/ledger-in-postgresql.md': [
    'Database',
    'CREATE ROLE chancery_runtime',
    'PostgreSQL 1',
    'verified',
    'No run yet',
    'imported into',
    'verified',
    'Name      team',
    'second is trusted: it may run.',
    'Writ',
    'root issue approve sign-policy',
    'second ',
  ],
  'docs/guides/move-a-ledger.md': ['ledger.chancery: ', 'verified', 'imported into', '2 streams'],
  'docs/guides/prove-a-run.md': [
    'chancery.alt/',
    'entries are whole: 2 files written, 0 were sound',
    'verified',
    'entries are anchored at file:',
    'entries are anchored at git:',
    'verified',
    'cosigned by',
    'Halted',
    'Cleared',
    'verified',
    'witness.forked',
    'exit code 7',
    'checkpoint.mismatch',
    'exit code 7',
    'c2sp.org/tlog-proof@v1',
    '"type":"consistency"',
    '"found":',
  ],
  'docs/guides/run-on-your-repository.md': [
    'Ledger',
    'fs.write path under docs',
    'window',
    'No run yet',
  ],
  'docs/guides/sandbox.md': [
    'enforces private-files',
    'missing: ',
    'memory 1 GiB (',
    'processes 200 (',
    'exec tail /dev/zero',
    'echo still here',
    'exit 0',
    'tools/hello',
    'a tool of yours',
    'No such file or directory',
    'hold-external',
    'exit code 4',
  ],
  'docs/guides/serve-mcp.md': [
    'fs_write: {',
    'shell_run is refused: {',
    'fs_write: The action waits for a human',
    'package-lock.json',
    'Denied, signed by',
    'succeeded: all gates pass',
    'verified',
  ],
  'docs/guides/set-prices.md': [
    'No price table is in effect.',
    'built in (list price',
    '+ openai-compatible:qwen3-coder: 0.20 USD in',
    'can be declared.',
    'Declared from',
    'our gateway, price sheet of January',
    'none: any other model is refused',
    '(price table',
    'succeeded: all gates pass',
    'price table',
    'verified',
    '- anthropic:claude-sonnet-4-5: 2.70 USD in',
    '+ anthropic:claude-sonnet-4-5: 3.00 USD in',
    'on: ',
    '+ any other model: 15.00 USD in',
  ],
  'docs/guides/stop-everything.md': [
    'Halted: control',
    'Halted (kill): all: the model misbehaves',
    'Cleared: control',
    'Halted softly',
    'Writes are locked',
    'and below',
    'Cleared: control',
    'it is there',
    'Halted (lockdown): all: the disk is full',
    'rm ',
    'verified',
  ],
  'docs/guides/teach-a-program.md': [
    'nothing is known of this program',
    '"options":',
    '3 lines are read as they are told.',
    'Declared, signed by',
    'permit',
    'kustomize',
    'verified',
    'Retired, signed by',
  ],
  'docs/guides/tell-a-router.md': [
    'args.escapes',
    'refused (args.escapes)',
    '"outcome":"committed"',
    '"refusal":"args.escapes"',
    'nothing since',
    'the second choice was heard',
    'verified',
  ],
  'docs/guides/undo-and-branch.md': [
    'succeeded',
    '1. the files, byte for byte',
    '1 steps, all would pass',
    'all that can be undone is undone',
    'verified',
    'From',
    'succeeded',
    'alike from the beginning on',
    '+tax = 0.21',
    'Nothing waits for you.',
  ],
  'docs/guides/use-a-live-model.md': ['succeeded: all gates pass', 'and violets are blue'],
  'docs/guides/verify-offline.md': [
    'chancery-verify.html',
    'chancery-verify.mjs',
    'signed for',
    'verified',
    'entry 0 of ledger is in the ledger, at position 0',
    'verified',
    'there is no stream run:nowhere',
    'verified',
    'the ledger has only grown',
    'verified',
  ],
  'docs/guides/write-a-policy.md': [
    'tenant  default',
    'Verdict  deny',
    'forbid-remote-git (tenant, forbid)',
    'permit if programs were ["git"] and there were no does',
    'Verdict  hold',
    'nothing to warn of',
    'team.cedar was formatted',
    '9 passed, 0 failed',
    '0 decided otherwise',
    '"type":"policy-simulation"',
    '0 decisions in 0 runs',
    'Active, signed by',
    'repository  team',
    'hold-migrations (repository, hold)',
    '~ hold-migrations: annotations',
    'verified',
    'team.bundle.json',
    'nothing to warn of',
    'The bundle is signed by',
    'It was active before.',
    'of this run alone',
    'nothing at the level run permits it',
    'rule write-docs (run, permit)',
    'verified',
    'Retired, signed by',
    'verified',
  ],
};

let home: string;
let llm: FakeLlm;
let postgres: PostgresServer | undefined;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres?.dispose());

beforeEach(async () => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), 'chancery-docs-')));
  const text = 'Roses are red\nand violets are blue\n';
  const call = { id: 'a1', name: 'fs_write', args: JSON.stringify({ path: 'poem.txt', text }) };
  llm = await startFakeLlm({
    replies: [
      { kind: 'answer', text: 'I add a line.', calls: [call] },
      { kind: 'answer', text: 'It has two lines now.' },
    ],
  });
});

afterEach(async () => {
  await llm.close();
  rmSync(home, { recursive: true, force: true });
});

describe('the commands of a page', () => {
  it.for(Object.entries(pages))('of %s do what it says', async ([page, shown], { skip }) => {
    skip(page === attesting && opensslMissing !== undefined, opensslMissing);
    const { code, output } = await run(commandsOf(page));
    expect({ code, output }).toEqual({ code: 0, output });
    let from = 0;
    for (const text of shown) {
      const at = output.indexOf(text, from);
      expect({ text, isShown: at >= 0, output }).toEqual({ text, isShown: true, output });
      from = at + text.length;
    }
  });

  it('are run for every page that teaches by commands', () => {
    const guides = readdirSync(path.join(root, 'docs/guides')).map((name) => `docs/guides/${name}`);
    expect(Object.keys(pages)).toEqual(['README.md', 'docs/start.md', ...guides.sort()]);
  });

  it('that set up and test are the first two of the readme', () => {
    expect(commandsOf('README.md').split('\n').slice(0, 2)).toEqual(['npm start', 'npm test']);
  });
});

/** Runs the commands of a page one after the other, in a home of its own, until one fails. */
async function run(script: string): Promise<{ code: number | null; output: string }> {
  const bin = path.join(home, '.test-bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'npm'), npm, { mode: 0o755 });
  const env = bareEnvironment(home);
  const { exit, stdout } = await runProgram(
    ['bash', '-euo', 'pipefail', '-c', `exec 2>&1\n${script}`],
    {
      cwd: root,
      env: {
        ...env,
        PATH: `${bin}:${env['PATH']}`,
        LANG: 'C.UTF-8',
        TEST_NODE: process.execPath,
        TEST_BUILD: path.join(root, 'scripts/build.ts'),
        TEST_MAIN: main,
        ANTHROPIC_API_KEY: 'test-credential-0123456789',
        BASE_URL: llm.url,
        CHANCERY_DATABASE_URL: postgres?.url ?? '',
      },
    },
  );
  return { code: exit, output: stdout };
}

import { execFile } from 'node:child_process';
import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { haltText, strongest } from '@chancery/kernel/control';
import { leafDigest } from '@chancery/kernel/encoding';
import { haltsIn, isCancellation } from '../authority/halts.ts';
import { sandboxOf } from '../compose/house.ts';
import { clockProblem } from './clock.ts';
import { sandboxFinding } from './sandbox-finding.ts';
import { keyIn } from '../compose/keys.ts';
import { keyVariables } from '../compose/models.ts';
import { inspectDatabase, openReader } from '../compose/stores.ts';
import { failureOf } from '../exit.ts';
import { checkoutAround } from '../home-folder.ts';
import { readConfig, readFounded, type Home } from '../home.ts';
import type { Session } from '../session.ts';

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  /** `fail`: a run needs it; `warn`: a run may miss it. */
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** Why it is not ok, where a command that needs it would be refused with this code. */
  readonly code: string | null;
  /** What to do; null when nothing is amiss. */
  readonly remedy: string | null;
}

type Finding = Omit<Check, 'name' | 'code'> & Partial<Pick<Check, 'code'>>;
type Look = (session: Session) => Promise<Finding>;

/** Looks at everything that a run needs, one after the other. */
export async function* examine(session: Session): AsyncGenerator<Check, void, undefined> {
  for (const [name, look] of Object.entries(looks)) {
    yield { name, code: null, ...(await looked(look, session)) };
  }
}

/** A look that ends with an error has found what is wrong. */
async function looked(look: Look, session: Session): Promise<Finding> {
  try {
    return await look(session);
  } catch (error) {
    const { code, message, remedy } = failureOf(error);
    return { state: 'fail', code, detail: message, remedy };
  }
}

const fine = (detail: string): Finding => ({ state: 'ok', detail, remedy: null });

const looks: Readonly<Record<string, Look>> = {
  node: async () => fine(`${process.version} at ${process.execPath}`),
  git: lookAtGit,
  sandbox: lookAtSandbox,
  home: lookAtHome,
  database: lookAtDatabase,
  ledger: lookAtLedger,
  clock: lookAtClock,
  controls: lookAtControls,
  'owner key': ({ home }) => lookAtKey(home, home.ownerKey),
  'runtime key': ({ home }) => lookAtKey(home, home.runtimeKey),
  disk: lookAtDisk,
  models: lookAtModels,
};

/** `merge-tree --write-tree`, by which results are applied, came with this version. */
const leastGit = [2, 38] as const;

async function lookAtGit(): Promise<Finding> {
  const remedy = 'Install git 2.38 or later (apt-get install git).';
  let said: string;
  try {
    said = (await promisify(execFile)('git', ['--version'])).stdout.trim();
  } catch {
    // Missing, or not to be run: either way there is none to work with.
    return { state: 'fail', detail: 'git cannot be run', remedy };
  }
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(said) ?? []).map(Number);
  const old = major < leastGit[0] || (major === leastGit[0] && minor < leastGit[1]);
  return old ? { state: 'fail', detail: `${said} is too old`, remedy } : fine(said);
}

async function lookAtSandbox(): Promise<Finding> {
  return sandboxFinding(await (await sandboxOf(false)).probe());
}

async function lookAtHome({ home }: Session): Promise<Finding> {
  const stats = statSync(home.folder, { throwIfNoEntry: false });
  const there = existing(home.folder);
  if (!statSync(there).isDirectory()) {
    const remedy = 'Name a folder of your own with CHANCERY_HOME.';
    return { state: 'fail', code: 'ledger.unreachable', detail: `${there} is no folder`, remedy };
  }
  if (stats === undefined) return notFounded(`${home.folder} is not there yet`);
  const mode = stats.mode & 0o777;
  if ((mode & 0o077) !== 0) {
    const detail = `others may enter ${home.folder} (mode ${mode.toString(8)})`;
    return { state: 'fail', detail, remedy: `chmod 700 ${home.folder}` };
  }
  if (stats.uid !== process.getuid?.()) {
    const remedy = 'Name a folder of your own with CHANCERY_HOME.';
    return { state: 'fail', detail: `${home.folder} belongs to another user`, remedy };
  }
  const checkout = checkoutAround(home.folder);
  if (checkout !== undefined) {
    const detail = `${home.folder}, in which your keys lie, is a part of the checkout ${checkout}`;
    const remedy =
      'Move it out, and set CHANCERY_HOME: nothing keeps git from taking your keys in.';
    return { state: 'warn', code: 'key.exposed', detail, remedy };
  }
  return fine(`${home.folder}, for you alone`);
}

async function lookAtDatabase({ home }: Session): Promise<Finding> {
  const config = readConfig(home);
  if (!config.ok || config.value.database === undefined) return fine('none is used');
  const found = await inspectDatabase(home);
  const { address, server, role, isEncrypted, mayChange } = found;
  const detail = `PostgreSQL ${server} at ${address}, ${isEncrypted ? 'over TLS' : 'in plain text'}`;
  if (!mayChange) return fine(`${detail}; ${role} may append and read`);
  return {
    state: 'warn',
    detail: `${detail}; ${role} has the rights to change and delete, from which triggers alone keep it`,
    remedy:
      'Make a role without them (`chancery init --help`), and put it in CHANCERY_DATABASE_URL.',
  };
}

async function lookAtLedger({ home }: Session): Promise<Finding> {
  const config = readConfig(home);
  if (!config.ok) {
    const { code, message, remedy } = config.refusal;
    if (code === 'ledger.missing') return notFounded(message);
    return { state: 'fail', code, detail: message, remedy };
  }
  const founded = readFounded(home);
  if (!founded.ok) {
    const { code, message, remedy } = founded.refusal;
    return { state: 'fail', code, detail: message, remedy };
  }
  const store = await openReader(home);
  try {
    const [first] = await store.read('ledger', 0, 1);
    const runs = await store.streams('run:');
    if (first !== undefined && leafDigest(first.text) === config.value.ledger) {
      return fine(`${config.value.ledger}, ${runs.length} runs`);
    }
    const remedy = 'Run `chancery verify`, then restore the ledger from a copy that verifies.';
    const detail = 'the ledger is not the one that is pinned';
    return { state: 'fail', code: 'ledger.corrupt', detail, remedy };
  } finally {
    await store.close();
  }
}

async function lookAtClock({ home }: Session): Promise<Finding> {
  if (!readFounded(home).ok) return fine('no ledger to compare it with');
  const store = await openReader(home);
  try {
    const detail = await clockProblem(store, Date.now());
    if (detail === undefined) return fine('not behind what is recorded');
    const remedy =
      'Set the clock right. What was recorded keeps its date; its order is that of the chain.';
    return { state: 'warn', detail, remedy };
  } finally {
    await store.close();
  }
}

/** What is halted stays so until a human clears it, and no command but these tells. */
async function lookAtControls(session: Session): Promise<Finding> {
  const { home } = session;
  const config = readFounded(home);
  if (!config.ok) {
    const { code, message } = config.refusal;
    if (code === 'ledger.missing' && !existsSync(home.switchFile)) return fine('nothing is halted');
    const remedy = 'Mend what the other rows tell of first.';
    return { state: 'fail', code, detail: `not known: ${message}`, remedy };
  }
  const store = await openReader(home);
  try {
    const all = await haltsIn(session, { store, ledger: config.value.ledger });
    const cancelled = all.filter(isCancellation).length;
    const halts = all.filter((each) => !isCancellation(each));
    const worst = strongest(halts);
    if (worst === undefined) {
      const runs = cancelled === 0 ? 'nothing' : `${cancelled} cancelled runs, and nothing else,`;
      return fine(`${runs} is halted`);
    }
    const more = halts.length === 1 ? '' : `, and ${halts.length - 1} more`;
    const lift = worst.control === null ? `removing ${home.switchFile}` : '`chancery clear`';
    const remedy = `Look at \`chancery halt list\`; ${lift} lifts it.`;
    const source = worst.control === null ? 'switch-file' : 'ledger';
    const detail = `${haltText({ ...worst, source })}${more}`;
    return { state: 'warn', code: 'control.halted', detail, remedy };
  } finally {
    await store.close();
  }
}

/** A key that is gone is missed where a ledger was founded with it, and nowhere else. */
async function lookAtKey(home: Home, file: string): Promise<Finding> {
  const key = await keyIn(file);
  if (key.ok) {
    const locked = key.value.sealed ? ', under a passphrase' : '';
    return fine(`${key.value.id} in ${file}${locked}`);
  }
  const { code, message } = key.refusal;
  const remedy =
    code === 'key.missing'
      ? `Restore ${file} from a copy: no other key can take its place.`
      : key.refusal.remedy;
  return code === 'key.missing' && !isFounded(home)
    ? notFounded(`${file} is not made yet`)
    : { state: 'fail', code, detail: message, remedy };
}

function isFounded(home: Home): boolean {
  const config = readConfig(home);
  return config.ok || config.refusal.code !== 'ledger.missing';
}

/** Nothing is broken: there is nothing yet. */
function notFounded(detail: string): Finding {
  return { state: 'warn', code: 'ledger.missing', detail, remedy: 'Run `chancery init`.' };
}

const leastMib = 100;
const plentyMib = 1_024;

async function lookAtDisk({ home }: Session): Promise<Finding> {
  const { bavail, bsize } = statfsSync(existing(home.folder));
  const freeMib = Math.floor((bavail * bsize) / 1_048_576);
  const detail = `${freeMib} MiB are free for ${home.folder}`;
  if (freeMib >= plentyMib) return fine(detail);
  const remedy = 'Make room: snapshots and the ledger grow with every run.';
  return { state: freeMib < leastMib ? 'fail' : 'warn', detail, remedy };
}

function existing(folder: string): string {
  return statSync(folder, { throwIfNoEntry: false }) === undefined
    ? existing(dirname(folder))
    : folder;
}

async function lookAtModels({ env }: Session): Promise<Finding> {
  const set = Object.values(keyVariables).filter((name) => (env[name] ?? '') !== '');
  if (set.length > 0) return fine(`${set.join(', ')} set`);
  return {
    state: 'warn',
    detail: 'no API key is set',
    remedy: 'Set ANTHROPIC_API_KEY or OPENAI_API_KEY, or use ollama:NAME or scripted:FILE.',
  };
}

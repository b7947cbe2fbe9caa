import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Action } from '@chancery/kernel/compiler';
import type { Normalised } from '@chancery/kernel/contract';
import type { JsonObject } from '@chancery/kernel/encoding';
import { refused, type Result } from '@chancery/kernel/refusal';
import type {
  Capability,
  Execution,
  ExecutionContext,
  Surroundings,
} from '@chancery/runtime/broker';

export interface Ground {
  /** The workspace. */
  readonly root: string;
  /** A folder beside it that nothing may reach; holds the file `canary`. */
  readonly outside: string;
}

export function newGround(files: Readonly<Record<string, string>>): Ground {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'chancery-fs-')));
  const ground = { root: join(folder, 'root'), outside: join(folder, 'outside') };
  mkdirSync(ground.root);
  mkdirSync(ground.outside);
  writeFileSync(join(ground.outside, 'canary'), 'canary');
  for (const [path, content] of Object.entries(files)) put(ground.root, path, content);
  return ground;
}

export function put(root: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const surroundings = (root: string): Surroundings => ({
  root,
  sandbox: {
    checkReadable: () => undefined,
    probe: () => Promise.reject(new Error('no file capability asks for the sandbox')),
    run: () => Promise.reject(new Error('no file capability runs a command')),
  },
  readable: [],
  readOnly: [],
});

/** Keeps the checks that it has made, by schema. */
const ajv = new Ajv2020({ strict: true });

/** What the compiler makes of the arguments, the schema included. */
export async function normalise(
  capability: Capability,
  root: string,
  args: JsonObject,
): Promise<Result<Normalised>> {
  if (!ajv.validate(capability.contract.input, args))
    return refused('args.invalid', 'the schema does not admit the arguments');
  return capability.normalise(args, surroundings(root));
}

export async function execute(
  capability: Capability,
  root: string,
  normalised: Normalised,
  signal: AbortSignal = new AbortController().signal,
): Promise<Execution> {
  const { args, resolved } = normalised;
  const digest = '0'.repeat(64);
  const action: Action = {
    ledger: digest,
    stream: 'run:r1',
    intent: digest,
    writ: digest,
    contract: digest,
    capability: capability.contract.name,
    normalisedArgs: args,
    resolved,
  };
  const context: ExecutionContext = {
    ...surroundings(root),
    actionDigest: digest,
    world: { clock: 0, cells: new Map() },
    signal,
    timeoutMs: 2000,
    tree: digest,
    credentials: new Map(),
  };
  const execution = await capability.execute(action, context);
  if (execution.kind === 'done') {
    const isPromised = ajv.validate(capability.contract.output, execution.observation);
    if (!isPromised) throw new Error('the observation is not as promised');
  }
  return execution;
}

/** The observation, or the code of what refused or failed. */
export async function outcome(
  capability: Capability,
  root: string,
  args: JsonObject,
): Promise<JsonObject | string> {
  const normalised = await normalise(capability, root, args);
  if (!normalised.ok) return normalised.refusal.code;
  const execution = await execute(capability, root, normalised.value);
  return execution.kind === 'done' ? execution.observation : execution.failure.code;
}

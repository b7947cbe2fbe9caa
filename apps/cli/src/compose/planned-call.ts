import type { Planned } from '@chancery/adapters/capability-manifest';
import type { Effect } from '@chancery/kernel/contract';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { Manifest } from '@chancery/kernel/manifest';
import { assert, done, refused, type Result } from '@chancery/kernel/refusal';
import { executorsOf, unfitness } from './declared.ts';
import { sandboxOf } from './house.ts';

/** What a call would execute. */
export interface PlannedCall {
  readonly call: Planned;
  /** What would be asked to find out whether it happened; null where nobody can be asked. */
  readonly asks: Planned | null;
  readonly effects: readonly Effect[];
  readonly unsandboxed: boolean;
}

/** Plans a call and executes nothing. Refuses `args.invalid` as a run would, and `manifest.invalid`. */
export async function plannedCall(
  manifest: Manifest,
  args: JsonObject,
): Promise<Result<PlannedCall>> {
  const unfit = (await unfitness())(manifest);
  if (unfit !== undefined) return { ok: false, refusal: unfit };
  const { manifestCapabilities, plan } = await import('@chancery/adapters/capability-manifest');
  const { compileSchema } = await import('@chancery/adapters/schema-ajv');
  const lack = compileSchema(manifest.input)(args);
  if (lack !== undefined) return refused('args.invalid', `the arguments: ${lack}`);
  const [capability] = manifestCapabilities(manifest, await executorsOf());
  assert(capability !== undefined, 'a manifest declares a capability');
  const sandbox = await sandboxOf(false);
  const surroundings = { root: '/', sandbox, readable: [], readOnly: [] };
  const normalised = await capability.normalise(args, surroundings);
  if (!normalised.ok) return normalised;
  const values = { args, action: '0'.repeat(64), seconds: 0 };
  const call = plan(manifest.executor, values);
  const asks = manifest.reconcile && plan(manifest.reconcile.executor, values);
  if (!call.ok) return call;
  if (asks?.ok === false) return asks;
  const { effects, unsandboxed } = normalised.value;
  return done({ call: call.value, asks: asks?.value ?? null, effects, unsandboxed });
}

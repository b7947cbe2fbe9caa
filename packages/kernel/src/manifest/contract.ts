import type { Contract } from '../contract/index.ts';
import { objectDigest, type Digest, type Json, type JsonObject } from '../encoding/index.ts';
import type { Executor, Manifest } from './model.ts';
import { leastEffect, undoRoles, undoShape } from './sound.ts';

/** Digest over every byte of the manifest: what a writ or a policy pins. */
export function manifestDigest(manifest: Manifest): Digest {
  return objectDigest('manifest', manifest);
}

/** Name of the capability that takes back what one has done. */
export function undoName(name: string): string {
  return `${name}.undo`;
}

/** The promise of what a manifest declares. Its digest covers the executor, by that of the manifest. */
export function contractOf(manifest: Manifest): Contract {
  const { name, version, description, effect, risk, input, output, roles, authors } = manifest;
  const { executor, reconcile, compensate, limits } = manifest;
  return {
    ...{ name, version, description, effect, risk, input, output, roles, authors, limits },
    ...termsOf(executor, limits),
    compensable: executor.kind === 'command' || compensate !== null,
    reconcilable: reconcile !== null || isRequestThatAsks(executor),
    manifest: manifestDigest(manifest),
  };
}

/** That of what takes such a call back; undefined where nothing does. */
export function undoContractOf(manifest: Manifest): Contract | undefined {
  const { name, version, risk, limits, compensate } = manifest;
  if (compensate === null) return undefined;
  const { description, output, authors, executor, reconcile } = compensate;
  const { properties, required } = undoShape(manifest, compensate);
  const input = {
    type: 'object',
    additionalProperties: false,
    properties,
    required: [...required].sort(),
  } satisfies Readonly<Record<string, Json>> as JsonObject;
  return {
    ...{ name: undoName(name), version, description, risk, input, output, authors, limits },
    effect: leastEffect(executor, false),
    roles: undoRoles(manifest, compensate),
    ...termsOf(executor, limits),
    compensable: executor.kind === 'command',
    reconcilable: reconcile !== null || isRequestThatAsks(executor),
    manifest: manifestDigest(manifest),
  };
}

/** All contracts that a manifest declares. */
export function contractsOf(manifest: Manifest): readonly Contract[] {
  const undo = undoContractOf(manifest);
  return undo === undefined ? [contractOf(manifest)] : [contractOf(manifest), undo];
}

/** A request that may be made again without end: that it happened needs nobody to find out. */
function isRequestThatAsks(executor: Executor): boolean {
  return executor.kind === 'http' && leastEffect(executor, false) === 'external';
}

const failures: Readonly<Record<Executor['kind'], readonly string[]>> = {
  command: ['args.changed', 'cancelled', 'sandbox.unavailable', 'command.failed', 'answer.unread'],
  http: [
    ...['cancelled', 'http.refused', 'http.limited', 'http.failed', 'http.unexpected'],
    ...['answer.unread', 'net.forbidden-address', 'net.unresolved', 'net.unreachable'],
    ...['net.cut-off', 'net.unsendable', 'net.timeout'],
  ],
  mcp: [
    ...['cancelled', 'mcp.changed', 'mcp.failed', 'mcp.unreachable', 'mcp.timeout'],
    ...['answer.unread', 'sandbox.unavailable', 'net.forbidden-address'],
  ],
};

/** What a template adds to its values, and how much longer these get where they are escaped. */
const sent = { bytes: 16_384, growth: 6 };

function termsOf(
  { kind }: Executor,
  { timeoutMs: wallMs, inputBytes }: Manifest['limits'],
): Pick<Contract, 'estimate' | 'failures'> {
  const isLocal = kind === 'command';
  const cpuMs = isLocal ? wallMs : 0;
  const bytesOut = isLocal ? 0 : sent.bytes + sent.growth * inputBytes;
  return {
    estimate: { tokens: 0, costMicrousd: 0, calls: 1, wallMs, cpuMs, bytesOut },
    failures: failures[kind],
  };
}

import type { CallFacts, Executors } from '@chancery/adapters/capability-manifest';
import { contractDigest, type Contract } from '@chancery/kernel/contract';
import type { Digest } from '@chancery/kernel/encoding';
import {
  contractsOf,
  fatefulVariable,
  type DeclaredManifests,
  type Manifest,
  type McpTransport,
} from '@chancery/kernel/manifest';
import type { DeclaredPrograms } from '@chancery/kernel/programs';
import { refusal, type Refusal, type Result } from '@chancery/kernel/refusal';
import type { serverTools, ServedTools } from '@chancery/adapters/mcp-client';
import type { Capability } from '@chancery/runtime/broker';
import { offeredContracts, restoringContracts } from './capabilities.ts';

/** Which of the capabilities that manifests declare runs are offered: these, or all. */
export type DeclaredNames = readonly string[] | 'all';

/** Contracts that manifests on the ledger declare and runs may be offered, by name. */
export function declaredContracts(manifests: DeclaredManifests): ReadonlyMap<string, Contract> {
  const offered = [...manifests.values()].filter(({ isOffered }) => isOffered);
  const contracts = offered.flatMap(({ manifest }) => contractsOf(manifest));
  return new Map(contracts.map((contract) => [contract.name, contract]));
}

/** What every call of them does, as far as their manifests tell it; of those that are built in, nothing. */
export async function declaredCalls(
  manifests: DeclaredManifests,
): Promise<ReadonlyMap<string, CallFacts>> {
  const { callFacts } = await import('@chancery/adapters/capability-manifest');
  const builtIn = await builtInNames();
  return new Map(
    [...manifests.values()]
      .filter(({ isOffered, manifest: { name } }) => isOffered && !builtIn.has(name))
      .flatMap(({ manifest }) => [...callFacts(manifest)]),
  );
}

/** Digests of those that are built in and of those that are declared. */
export async function digestsWith(
  manifests: DeclaredManifests,
): Promise<ReadonlyMap<string, Digest>> {
  const all = [
    ...(await offeredContracts()).values(),
    ...(await restoringContracts()),
    ...declaredContracts(manifests).values(),
  ];
  return new Map(all.map((contract) => [contract.name, contractDigest(contract)]));
}

/** What the manifests on a ledger declare, made to act. Nothing of a name that is built in is among them. */
export async function declaredCapabilities(
  manifests: DeclaredManifests,
  names: DeclaredNames,
): Promise<readonly Capability[]> {
  const { manifestCapabilities } = await import('@chancery/adapters/capability-manifest');
  const executors = await executorsOf();
  const builtIn = await builtInNames();
  return [...manifests.values()]
    .filter(({ isOffered, manifest }) => isOffered && !builtIn.has(manifest.name))
    .flatMap(({ manifest }) => manifestCapabilities(manifest, executors))
    .filter(({ contract: { name } }) => names === 'all' || names.includes(name));
}

/** What acts for them. */
export async function executorsOf(): Promise<Executors> {
  const { requester } = await import('@chancery/adapters/capability-http');
  const { mcpCaller } = await import('@chancery/adapters/mcp-client');
  const { displayLine, readCommand } = await import('@chancery/adapters/capability-shell');
  // An address that a manifest names literally was looked at by who signed it; no name opens one.
  const reach = (host: string) => requester({ opened: addressIn(host) });
  return {
    http: reach,
    mcp: mcpCaller({ http: reach }),
    commandFacts: (argv: readonly string[], declared: DeclaredPrograms | undefined) => {
      const line = displayLine({ kind: 'argv', argv });
      const { programs, does, reads, writes } = readCommand(line, { declared });
      return { line, programs, does, reads, writes };
    },
    nowMs: () => Date.now(),
  };
}

function addressIn(host: string): readonly string[] {
  return /^[\d.]+$|^\[/.test(host) ? [host.replace(/^\[|\]$/g, '')] : [];
}

/** What a server of MCP says of its tools, asked as a run would ask it. Refuses `mcp.unreachable`. */
export async function toolsServedBy(
  transport: McpTransport,
  context: Parameters<typeof serverTools>[1]['context'],
): Promise<Result<ServedTools>> {
  const { serverTools: ask } = await import('@chancery/adapters/mcp-client');
  const { requester } = await import('@chancery/adapters/capability-http');
  const reach = (host: string) => requester({ opened: addressIn(host) });
  return ask(transport, { reach, context });
}

async function builtInNames(): Promise<ReadonlySet<string>> {
  const all = [...(await offeredContracts()).values(), ...(await restoringContracts())];
  return new Set(all.map(({ name }) => name));
}

/** What keeps a manifest from being declared beside its form: a name that is taken, a schema that is none, a variable that is not its own, a host that looks like another. */
export async function unfitness(): Promise<(manifest: Manifest) => Refusal | undefined> {
  const { whyNoSchema } = await import('@chancery/adapters/schema-ajv');
  const { respelledHost } = await import('@chancery/adapters/capability-manifest');
  const builtIn = await builtInNames();
  return (manifest) => {
    const { name, input, output, compensate } = manifest;
    if (builtIn.has(name)) return refusal('manifest.invalid', `${name} is built in`);
    const variable = fatefulVariable(manifest);
    if (variable !== undefined) {
      const why = `"credentials" names ${variable}, which changes what programs run`;
      return refusal('manifest.invalid', why, {
        remedy: 'Take the secret under a name that means nothing else to a program, such as TOKEN.',
      });
    }
    const respelled = respelledHost(manifest);
    if (respelled !== undefined) {
      const why = `"url" names the host ${respelled.host}, which is ${respelled.form}`;
      return refusal('manifest.invalid', why, {
        remedy: 'Write the host in its one form: it is what policies and whoever signs are shown.',
      });
    }
    const schemas = { input, output, 'compensate.output': compensate?.output ?? output };
    for (const [place, schema] of Object.entries(schemas)) {
      const why = whyNoSchema(schema);
      if (why !== undefined) return refusal('manifest.invalid', `"${place}" is ${why}`);
    }
    return undefined;
  };
}

/** Manifests to begin with, by name. */
export async function shippedManifestsOf(): Promise<ReadonlyMap<string, Manifest>> {
  const { shippedManifests } = await import('@chancery/adapters/capability-manifest');
  return shippedManifests;
}

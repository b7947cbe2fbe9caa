import type { FoundCommand, ReadCommand } from '@chancery/adapters/capability-shell';
import type { RequestForm, Surroundings } from '@chancery/domain/policies';
import type { DeclaredManifests } from '@chancery/kernel/manifest';
import type { DeclaredPrograms } from '@chancery/kernel/programs';
import type { Bundle, PolicyRequest } from '@chancery/kernel/policy';
import type { Result } from '@chancery/kernel/refusal';
import { offeredContracts } from './capabilities.ts';
import { declaredCalls, declaredContracts } from './declared.ts';

export { type FoundCommand, type ReadCommand };

/** A policy text with what it is to become. */
export type PolicySource = Pick<Bundle, 'name' | 'level' | 'text'>;

/** Refuses `policy.invalid`, naming line and column. */
export async function bundleOf(source: PolicySource): Promise<Result<Bundle>> {
  const { buildBundle } = await import('@chancery/adapters/policy-cedar');
  return buildBundle(source);
}

/** The text in its canonical layout. Refuses `policy.invalid`. */
export async function formatted(text: string): Promise<Result<string>> {
  const { formatPolicy } = await import('@chancery/adapters/policy-cedar');
  return formatPolicy(text);
}

/** Refuses `policy.invalid` for a request that is not one of the published schema. */
export async function checkedRequest(request: PolicyRequest): Promise<Result<null>> {
  const { checkRequest } = await import('@chancery/adapters/policy-cedar');
  return checkRequest(request);
}

/** The members that a request has, as the published schema has them. */
export async function requestForm(): Promise<RequestForm> {
  const { requestForm: form } = await import('@chancery/adapters/policy-cedar');
  return form();
}

/** Line of each rule of a text, by its id. */
export async function rulesLines(text: string): Promise<ReadonlyMap<string, number>> {
  const { ruleLines } = await import('@chancery/adapters/policy-cedar');
  return ruleLines(text);
}

/** A policy to begin with. */
export interface ShownStarter {
  readonly name: string;
  readonly level: Bundle['level'];
  readonly text: () => string;
}

export async function policyStarters(): Promise<readonly ShownStarter[]> {
  const { starters } = await import('@chancery/adapters/policy-cedar');
  return starters;
}

/** Words of a command as one line of a shell; a single word is a line already. */
export async function lineOf(words: readonly string[]): Promise<string> {
  const { displayLine } = await import('@chancery/adapters/capability-shell');
  const [line = '', ...others] = words;
  return others.length === 0 ? line : displayLine({ kind: 'argv', argv: words });
}

/** What a command line could run in the folder of the process, and what that does. */
export async function commandIn(
  line: string,
  declared: DeclaredPrograms | undefined,
): Promise<ReadCommand> {
  const { readCommand } = await import('@chancery/adapters/capability-shell');
  return readCommand(line, { folder: '.', declared });
}

/** What a question to policy is completed with, for the capabilities of this version and those declared. */
export async function surroundings(
  told: Pick<Surroundings, 'protectedPaths' | 'nowMs'>,
  manifests: DeclaredManifests,
): Promise<Surroundings> {
  const { readCommand } = await import('@chancery/adapters/capability-shell');
  const contracts = new Map([...declaredContracts(manifests), ...(await offeredContracts())]);
  const calls = await declaredCalls(manifests);
  return { contracts, calls, commandOf: (line) => readCommand(line), ...told };
}

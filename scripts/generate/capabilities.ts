import { offeredContracts, restoringContracts } from '../../apps/cli/src/compose/capabilities.ts';
import type { Contract } from '../../packages/kernel/src/contract/index.ts';
import { table } from './markdown.ts';
import { formOf } from './schema-form.ts';

const introduction = `# Built-in capabilities

What a run offers to its agent; fs.restore is offered to no agent, but to runs that undo another. Effect and risk are the least of every call; arguments may add to them. A role tells policy what an argument is for; an author, who wrote a field of the output. A run pins the digest of each contract. Besides the failures that are named, a call can be refused with any of the [refusal codes](refusal-codes.md).`;

interface Closed {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

/** The page of the built-in capabilities, from their contracts. */
export async function capabilitiesText(): Promise<string> {
  const contracts = [...(await offeredContracts()).values(), ...(await restoringContracts())];
  return `${[introduction, ...contracts.map(section)].join('\n\n')}\n`;
}

function section(contract: Contract): string {
  const { name, description, failures, limits } = contract;
  const facts = [
    ['effect', contract.effect],
    ['risk', contract.risk],
    ['can be undone', yes(contract.compensable)],
    ['can tell afterwards whether it happened', yes(contract.reconcilable)],
    ['time limit', `${limits.timeoutMs} ms`],
    ['largest arguments', `${limits.inputBytes} bytes`],
    ['largest output', `${limits.outputBytes} bytes`],
    ['failures', failures.map((code) => `\`${code}\``).join(' ') || 'none of its own'],
  ];
  return [
    `## ${name}`,
    description,
    table([['of the contract', ''], ...facts]),
    members('argument', contract.input, 'role', contract.roles),
    members('output', contract.output, 'author', contract.authors),
  ].join('\n\n');
}

function members(
  what: string,
  schema: unknown,
  note: string,
  notes: Readonly<Record<string, string>>,
): string {
  const { properties = {}, required = [] } = schema as Closed;
  const rows = Object.entries(properties).map(([name, member]) => [
    `\`${name}\`${required.includes(name) ? '' : '?'}`,
    formOf(member),
    notes[name] ?? '',
  ]);
  return rows.length === 0 ? `No ${what}s.` : table([[what, 'form', note], ...rows]);
}

function yes(value: boolean): string {
  return value ? 'yes' : 'no';
}

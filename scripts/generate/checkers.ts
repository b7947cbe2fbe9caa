import {
  catalogue,
  entrySchema,
  routingEvidence,
  type Kind,
  type Schema,
} from '../../packages/kernel/src/ledger/index.ts';
import { CheckWriter } from './check-writer.ts';

/** Where the generated checking functions stand, from the root of the tree. */
export const checkersFile = 'packages/kernel/src/ledger/checkers.generated.ts';

const head = `// Made from the catalogue by \`npm run generate\`; not edited by hand.
import type { Kind } from './catalogue.ts';

/** Says what is wrong with a value, place first (JSON Pointer, RFC 6901); undefined when it is right. */
export type Check = (value: unknown) => string | undefined;

type Members = Readonly<Record<string, unknown>>;

function isObject(v: unknown): v is Members {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}

function inside(v: Members, name: string, wrong: string): string {
  const place = \`/\${name.replaceAll('~', '~0').replaceAll('/', '~1')}\`;
  return place + (v[name] === undefined ? ' is missing' : wrong);
}

function unknownMember(v: Members, known: readonly string[]): string {
  const name = Object.keys(v).find((each) => !known.includes(each) || v[each] === undefined);
  return inside({ [name ?? '']: true }, name ?? '', ' is not a member');
}
`;

/**
 * The text of the checking functions: the schemas of all kinds compiled ahead of time, so that the
 * kernel needs no validator library and starts at once.
 */
export function checkersText(): string {
  const writer = new CheckWriter();
  const entry = writer.check(entrySchema);
  const routing = writer.check(routingEvidence);
  const rows = (Object.entries(catalogue) as [Kind, Schema][]).map(
    ([kind, schema]) => `  '${kind}': ${writer.check(schema)},`,
  );
  return `${head}
${writer.text()}
/** Checks the envelope of an entry, the body aside. */
export const checkEntry: Check = ${entry};

/** Checks the form of what a router says. */
export const checkRouting: Check = ${routing};

/** Checks the body of an entry. */
export const bodyChecks: Readonly<Record<Kind, Check>> = {
${rows.join('\n')}
};
`;
}

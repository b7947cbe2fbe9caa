import {
  catalogue,
  entrySchema,
  namedMembers,
  type Kind,
  type Schema,
} from '../../packages/kernel/src/ledger/index.ts';
import { ReadWriter } from './read-writer.ts';

/** Where the generated reading functions stand, from the root of the tree. */
export const readersFile = 'packages/kernel/src/ledger/readers.generated.ts';

const head = `// Made from the catalogue by \`npm run generate\`; not edited by hand.
import type { CanonicalCursor as Cursor } from '../encoding/index.ts';
import type { Kind } from './catalogue.ts';

/** Reads a value of a schema at the cursor, \`depth\` deep at most; undefined when there is none. */
export type Read = (cursor: Cursor, depth: number) => unknown;
`;

/**
 * The text of the reading functions: canonical form and schema of each kind in one pass over the
 * bytes. They may refuse what is right, and accept nothing that is wrong.
 */
export function readersText(): string {
  const writer = new ReadWriter();
  const entry = writer.read(entrySchema, {
    instead: { body: 'body(c, d - 1)', kind: 'c.same(kind)' },
    parameters: ', kind: string, body: Read',
  });
  const rows = (Object.entries(catalogue) as [Kind, Schema][]).map(([kind, schema]) => {
    const aside = (namedMembers as { readonly [K in Kind]?: string })[kind];
    return `  ['${kind}', { kind: '${kind}', read: ${writer.read(schema, { aside })} }],`;
  });
  return `${head}
${writer.text()}
/** Reads an entry of a kind, whose body \`body\` reads. */
export const readEntryOf: (cursor: Cursor, depth: number, kind: Kind, body: Read) => unknown = ${entry};

/** Reads the body of an entry, by kind. */
export const bodyReaders: ReadonlyMap<string, { readonly kind: Kind; readonly read: Read }> = new Map<
  string,
  { readonly kind: Kind; readonly read: Read }
>([
${rows.join('\n')}
]);
`;
}

import { catalogue, type Kind, type Schema } from '../../packages/kernel/src/ledger/index.ts';
import { TextWriter } from './text-writer.ts';

/** Where the generated writing functions stand, from the root of the tree. */
export const textsFile = 'packages/kernel/src/ledger/texts.generated.ts';

const head = `// Made from the catalogue by \`npm run generate\`; not edited by hand.
import { recordText } from '../encoding/index.ts';
import type { Kind } from './catalogue.ts';

type Members = Readonly<Record<string, unknown>>;
`;

/** The text of the writing functions: the canonical text of bodies, member by member as their schemas have them. */
export function textsText(): string {
  const writer = new TextWriter();
  const rows = (Object.entries(catalogue) as [Kind, Schema][]).map(
    ([kind, schema]) => `  '${kind}': (body) => ${writer.write(schema, 'body')},`,
  );
  return `${head}
${writer.text()}
/** Canonical text of a body that its check has passed, by kind. Throws as \`recordText\` does. */
export const bodyTexts: Readonly<Record<Kind, (body: unknown) => string>> = {
${rows.join('\n')}
};
`;
}

import type { JsonLine } from '../../apps/cli/src/json-line.ts';
import { jsonLines } from '../../apps/cli/src/json-lines.ts';
import { table } from './markdown.ts';
import { formOf } from './schema-form.ts';

const introduction = `# JSON output

Every command takes \`--json\` and then prints one JSON object a line on standard output, each with a \`type\`. Nothing else is written there. Members may be added; none is renamed or removed without a new contract. Amounts are integers: micro-USD, milliseconds, counts. Times (\`…AtMs\`, \`atMs\`) are milliseconds since the epoch. Digests are 64 hexadecimal digits. A member with \`?\` may be missing. Entries are those of [entry kinds](entry-kinds.md); codes are those of [refusal codes](refusal-codes.md), with their [exit codes](exit-codes.md).

The schemas stand in \`apps/cli/src/json-lines.ts\`; the tests of the command line hold its output against them.`;

/** The page of what each command prints with \`--json\`. */
export function jsonOutputText(): string {
  const sections = Object.entries(jsonLines).map(([type, line]) => section(type, line));
  return `${[introduction, ...sections].join('\n\n')}\n`;
}

function section(type: string, { commands, told, schema }: JsonLine): string {
  const by = commands.map((command) => `\`${command}\``).join(', ');
  const rows = 'properties' in schema ? Object.entries(schema.properties) : [];
  const members = rows
    .filter(([name]) => name !== 'type')
    .map(([name, member]) => [`\`${name}\``, formOf(member)]);
  const printed = by === '' ? 'Printed by any command.' : `Printed by ${by}.`;
  return `## ${type}\n\n${printed} ${told}\n\n${table([['member', 'form'], ...members])}`;
}

import { any, count, digest, keyId, line, listOf, oneOf, orNull, text } from '../json-line.ts';

const effect = oneOf('pure', 'read', 'write', 'external', 'irreversible');
const risk = oneOf('low', 'medium', 'high', 'critical');
const executor = oneOf('command', 'http', 'mcp');

const about = { name: text, version: text, manifest: digest, contract: digest };

/** What the commands about capabilities that manifests declare tell. */
export const capabilityLines = {
  'capability-file': line(
    ['capability new', 'capability import-mcp'],
    'A manifest to begin with was written.',
    {
      ...{ file: text, name: text },
    },
  ),
  'mcp-tool-left-out': line(
    ['capability import-mcp'],
    'A tool of an MCP server for which no manifest could be written.',
    { tool: text, why: text },
  ),
  'capability-warning': line(
    ['capability lint', 'capability declare'],
    'What of a manifest is hardly meant; `at` is the member that it is about.',
    { file: text, code: text, at: text, message: text },
  ),
  'capability-linted': line(['capability lint'], 'A manifest could be declared.', {
    ...{ file: text, ...about, effect, risk, executor, undo: orNull(text), warnings: count },
  }),
  'capability-call': line(
    ['capability test'],
    'What a call would execute, without the secrets that it is lent; nothing was. `asks` is how it would be found out whether it happened, null where nobody can be asked.',
    {
      ...{ name: text, executor, effects: listOf(effect), args: any },
      ...{ call: any, asks: any, unsandboxed: { type: 'boolean' } },
    },
  ),
  'capability-declared': line(
    ['capability declare'],
    'Runs may be offered it; `entry` is null where it was declared so before.',
    { ...about, entry: orNull(digest), by: keyId, undo: orNull(text), warnings: count },
  ),
  capability: line(['capability list'], 'A capability that a manifest declares.', {
    ...{ ...about, state: oneOf('declared', 'retired'), effect, risk, executor },
    ...{ undo: orNull(text), entry: digest, by: keyId, declaredAtMs: count },
  }),
  'capability-manifest': line(['capability show'], 'A manifest as it was declared, in whole.', {
    ...{ ...about, state: oneOf('declared', 'retired'), entry: digest, by: keyId },
    ...{ declaredAtMs: count, document: any },
  }),
  'capability-retired': line(['capability retire'], 'No run is offered it any more.', {
    ...{ name: text, manifest: digest, entry: digest, by: keyId },
  }),
};

import {
  any,
  closed,
  count,
  digest,
  keyId,
  line,
  listOf,
  oneOf,
  orNull,
  text,
  truth,
} from '../json-line.ts';

const state = oneOf('declared', 'built-in');

/** What the commands about programs tell. */
export const programLines = {
  program: line(
    ['programs list'],
    'A program of which something is known; `built-in` goes before what is declared of the same name. `declared` is null where nothing is.',
    {
      ...{ name: text, state },
      declared: orNull(closed({ row: digest, entry: digest, by: keyId, declaredAtMs: count })),
    },
  ),
  'program-row': line(
    ['programs show'],
    'What is known of a program, in whole; `row` is the digest of what is declared, null for what is built in.',
    { name: text, state, row: orNull(digest), document: any },
  ),
  'program-file': line(['programs template'], 'A file with a row to begin with was written.', {
    ...{ file: text, name: text },
  }),
  'program-case': line(
    ['programs check'],
    'A line beside a row: what its author says of it, what is found, and whether these are the same.',
    { programs: text, line: text, told: text, found: text, holds: truth },
  ),
  'programs-checked': line(['programs check'], 'A file could be declared.', {
    ...{ file: text, programs: listOf(text), cases: count },
  }),
  'programs-declared': line(
    ['programs declare'],
    'Commands are read by it from now on; `entry` is null where all of it stood already.',
    { programs: listOf(text), entry: orNull(digest), by: keyId },
  ),
  'program-retired': line(['programs retire'], 'Nothing is known of it any more.', {
    ...{ name: text, row: digest, entry: digest, by: keyId },
  }),
};

import { approvalTransitions } from '@chancery/domain/approvals';
import { catalogue, catalogueDigest, causes, type Kind } from '@chancery/kernel/ledger';
import { refusalCodes } from '@chancery/kernel/refusal';
import { loopTransitions } from '@chancery/runtime/cognition';
import { capabilitiesText } from './capabilities.ts';
import { jsonOutputText } from './json-output.ts';
import { kindMeanings } from './kind-meanings.ts';
import { table } from './markdown.ts';

/** A page of the reference: where it stands, and what it says. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

const exitCodes: readonly (readonly [number, string])[] = [
  [0, 'ok'],
  [1, 'failed'],
  [2, 'usage or configuration'],
  [3, 'rejected by contract or policy'],
  [4, 'waiting for a human'],
  [5, 'cancelled or killed'],
  [6, 'over budget'],
  [7, 'tampered, or verification failed'],
  [8, 'conflict'],
  [70, 'internal fault'],
  [141, 'whoever read the output went away before its end'],
];

/** All pages that are made from the same definitions as the code. */
export async function referencePages(): Promise<readonly Page[]> {
  return [
    { file: 'docs/reference/capabilities.md', text: await capabilitiesText() },
    { file: 'docs/reference/json-output.md', text: jsonOutputText() },
    page('entry-kinds', 'Kinds of entries', kindsIntroduction, [
      ['kind', 'told', 'members of the body', 'caused by'],
      ...kindRows(),
    ]),
    page('refusal-codes', 'Refusal codes', codesIntroduction, [
      ['code', 'exit', 'again?', 'remedy'],
      ...Object.entries(refusalCodes).map(([code, { exit, retryable, remedy }]) => [
        `\`${code}\``,
        String(exit),
        retryable ? 'yes' : 'no',
        remedy,
      ]),
    ]),
    page('exit-codes', 'Exit codes', 'Every command ends with one of these.', [
      ['code', 'meaning'],
      ...exitCodes.map(([code, meaning]) => [String(code), meaning]),
    ]),
    page('approval-phases', 'Phases of an approval', 'The commands that each phase takes.', [
      ['phase', 'commands'],
      ...transitionRows(approvalTransitions),
    ]),
    page('loop-phases', 'Phases of the native loop', 'The entries that each phase admits.', [
      ['phase', 'entries'],
      ...transitionRows(loopTransitions),
    ]),
  ];
}

const kindsIntroduction = [
  'Every entry of a ledger is of one of these kinds. The body is a closed object; its JSON Schema',
  'stands in `packages/kernel/src/ledger/catalogue.ts`.',
  '',
  '`cause` of an entry is the digest of the earlier entry that it follows from, which is of one of',
  'the kinds of the last column. _Nothing_: `cause` is null, because a person or the runtime began',
  'by itself. An intent follows from the answer of a model where a model wants it, and from nothing',
  'otherwise. A proposal that is made again follows from what made it be asked again: the answer to',
  'the hold, or the execution that was cut off. Verification tells `cause.unknown` and',
  '`cause.misplaced` otherwise.',
  '',
  `Digest of this catalogue: \`${catalogueDigest}\`.`,
].join('\n');

const codesIntroduction = [
  'A refusal is an expected no: `{code, message, remedy, retryable, details}`. The list is closed.',
  '_Again?_ tells whether the same request may succeed later without being changed.',
].join('\n');

function kindRows(): readonly (readonly string[])[] {
  return (Object.keys(catalogue) as Kind[]).map((kind) => [
    `\`${kind}\``,
    kindMeanings[kind],
    Object.keys(catalogue[kind].properties)
      .map((name) => `\`${name}\``)
      .join(' '),
    causes[kind].map((cause) => (cause === null ? 'nothing' : `\`${cause}\``)).join(' '),
  ]);
}

function transitionRows(
  table: Readonly<Record<string, readonly string[]>>,
): readonly (readonly string[])[] {
  return Object.entries(table).map(([phase, admitted]) => [
    phase,
    admitted.length === 0 ? 'none' : admitted.map((name) => `\`${name}\``).join(' '),
  ]);
}

function page(
  name: string,
  title: string,
  introduction: string,
  rows: readonly (readonly string[])[],
): Page {
  return {
    file: `docs/reference/${name}.md`,
    text: `# ${title}\n\n${introduction}\n\n${table(rows)}\n`,
  };
}

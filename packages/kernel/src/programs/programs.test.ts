import {
  declareProgramsOn,
  ledgerFixture,
  people,
  someDigest,
  someRows,
  told,
  type LedgerFixture,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { sealEnvelope, type Envelope, type Signer } from '../encoding/index.ts';
import { foldTrust, isTrustEntry } from '../writ/index.ts';
import {
  checkProgramRows,
  declarePrograms,
  evolvePrograms,
  isProgramsEntry,
  retireProgram,
  rowDigest,
  standingRows,
  untoldRunning,
  type DeclaredPrograms,
  type ProgramRow,
} from './index.ts';

const { approver, legislator, lead, root } = people;
const cases = { 'mend -q': '' };
const [row] = Object.values(someRows) as [ProgramRow];

describe('rows that can be declared', () => {
  const nested = (depth: number): object =>
    depth === 0 ? {} : { subcommands: { a: nested(depth - 1) } };

  test.each<readonly [string, object]>([
    ['options of every kind', { options: '# q o=write level? c?run all!external x!unclear' }],
    ['operands of which one repeats', { operands: 'text read* write' }],
    ['a command at the end', { operands: 'text command', leading: true }],
    ['subcommands, spelled in several ways', { subcommands: { 'plan|p apply': {} }, alone: {} }],
    ['what leaves the machine, with a reason', { does: ['external'], because: 'it sends' }],
    ['options that nobody looked at, of what executes', { lenient: true, does: ['executes'] }],
    ['what is told to run something', { options: 'eval=node exec=program command=line' }],
    ['a subcommand that runs something', { subcommands: { exec: { operands: 'command' } } }],
    ['four rows deep', nested(4)],
  ])('have %s', (_, members) => {
    expect(checkProgramRows({ mend: { ...members, cases } })).toBeUndefined();
  });

  test.each<readonly [string, unknown, RegExp]>([
    ['no object', [], /must be an object/],
    ['nothing', {}, /has no row/],
    [
      'too much',
      Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`m${n}`, row])),
      /64 rows/,
    ],
    ['a name twice', { mend: row, 'mend sew': row }, /mend stands in two rows/],
    ['a name that is a path', { 'a/mend': row }, /"a\/mend" is no name/],
    ['a name that is an option', { '-mend': row }, /is no name/],
    ['two blanks', { 'mend  sew': row }, /one blank/],
    ['a row that is none', { mend: 7 }, /must be an object/],
    ['no lines', { mend: {} }, /"mend.cases"/],
    ['lines without the program', { mend: { cases: { 'sew a': '' } } }, /has the program in it/],
    ['what is not known', { mend: { cases, script: 'a' } }, /"mend.script" is not known/],
    [
      'a form that only what is built in has',
      { mend: { cases, form: 'git' } },
      /"mend.form" is malformed/,
    ],
    ['an option of no form', { mend: { cases, options: '-x' } }, /"mend.options" is malformed/],
    ['a role that there is not', { mend: { cases, options: 'x=eat' } }, /malformed/],
    ['a role without a value', { mend: { cases, options: 'xwrite!eat' } }, /malformed/],
    ['two that repeat', { mend: { cases, operands: 'read* write*' } }, /"mend.operands"/],
    [
      'a command that is not last',
      { mend: { cases, operands: 'command read' } },
      /"mend.operands"/,
    ],
    ['a deed that there is not', { mend: { cases, does: ['eat'] } }, /"mend.does"/],
    ['no deeds', { mend: { cases, does: [] } }, /"mend.does"/],
    ['a flag that is off', { mend: { cases, lenient: false } }, /"mend.lenient"/],
    ['options that nobody looked at', { mend: { cases, lenient: true } }, /must have "executes"/],
    [
      'them below',
      { mend: { cases, subcommands: { a: { lenient: true } } } },
      /must have "executes"/,
    ],
    ['them elsewhere', { mend: { cases, otherwise: { lenient: true } } }, /must have "executes"/],
    ['a reason for nothing', { mend: { cases, because: 'so' } }, /has neither/],
    [
      'operands beside subcommands',
      { mend: { cases, subcommands: {}, operands: 'read' } },
      /say nothing/,
    ],
    ['operands of a script', { mend: { cases, form: 'script', operands: 'read' } }, /says nothing/],
    ['code as a text', { mend: { cases, options: 'eval=' } }, /told what to run/],
    ['a command as a file', { mend: { cases, options: 'run-command=read' } }, /told what to run/],
    [
      'a subcommand that hides it',
      { mend: { cases, subcommands: { 'run|exec': {} } } },
      /runs something/,
    ],
    [
      'a subcommand twice',
      { mend: { cases, subcommands: { 'a|b': {}, b: {} } } },
      /stands in two rows/,
    ],
    [
      'a subcommand that is none',
      { mend: { cases, subcommands: { 'a  b': {} } } },
      /names of subcommands/,
    ],
    ['five rows deep', { mend: { cases, ...nested(5) } }, /rows deep/],
    ['too many bytes', { mend: { cases: { mend: 'é'.repeat(1_000), ...many('é', 60) } } }, /bytes/],
  ])('do not have %s', (_, rows, why) => {
    expect(checkProgramRows(rows)).toMatchObject({ code: 'programs.invalid', message: why });
  });

  function many(text: string, lines: number): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Array.from({ length: lines }, (_, n) => [`${n}`, text.repeat(1_000)]),
    );
  }
});

describe('what is named for running something', () => {
  test.each<readonly [string, object]>([
    ['the option editor', { options: 'q editor=' }],
    ['the option diff-pager', { options: 'diff-pager?text' }],
    ['the option pre', { options: 'pre=' }],
    ['the option post-install', { options: 'post-install=read' }],
    ['the option run', { options: 'run' }],
    ['the option run-script', { options: 'run-script!write' }],
    ['the option preBuildHooks', { options: 'preBuildHooks=' }],
    ['the option on-change', { options: 'on-change=' }],
    ['the option postcmd', { options: 'postcmd=text' }],
    ['the option plugin', { subcommands: { 'plan|p': { options: 'plugin=read' } } }],
    ['the option shell', { otherwise: { options: 'shell' } }],
    ['the option login-shell', { alone: { options: 'login-shell' } }],
    ['the subcommand run', { subcommands: { 'go|run': {} } }],
    ['the subcommand script', { subcommands: { a: { subcommands: { script: {} } } } }],
  ])('has to be told of %s', (named, members) => {
    const rows = { mend: { ...members, cases } };
    const told = untoldRunning(rows);
    expect(told?.startsWith(`${named} of "mend`)).toBe(true);
    // What a ledger has is read as it was signed.
    expect(checkProgramRows(rows)).toBeUndefined();
  });

  test.each<readonly [string, object]>([
    ['a value that is run', { options: 'editor=program pre=line run=run script=command' }],
    ['what is not understood', { options: 'editor=!unclear run!unclear shell=unclear' }],
    ['what executes', { options: 'run!executes' }],
    ['a row that executes whatever it is told', { options: 'run script=', does: ['executes'] }],
    ['a subcommand that does', { subcommands: { run: { does: ['executes'] } } }],
    [
      'what is kept from running',
      { options: 'dry-run no-pager ignore-scripts skip-hook= list-scripts' },
    ],
    [
      'other names',
      { options: 'editor-config=read run-id= pretty= postal= post-mortem e= on-error=' },
    ],
  ])('is told by %s', (_, members) => {
    expect(untoldRunning({ mend: { ...members, cases } })).toBeUndefined();
  });
});

function headOf({ recorder, ledger }: LedgerFixture): string {
  return recorder.heads.get('policy')?.digest ?? ledger;
}

interface Recording {
  readonly by?: Signer;
  readonly kind?: 'programs.declared' | 'programs.retired';
}

function record(
  fixture: LedgerFixture,
  envelope: Envelope,
  { by = legislator, kind = 'programs.declared' }: Recording = {},
): void {
  fixture.recorder.writeBy(by.id, { stream: 'policy', kind, body: { envelope } });
}

function retire(fixture: LedgerFixture, name: string, of: ProgramRow = row): void {
  const { ledger } = fixture;
  const said = { ledger, after: headOf(fixture), name, row: rowDigest(of) };
  record(fixture, retireProgram(said, legislator), { kind: 'programs.retired' });
}

function programsIn({ recorder, ledger }: LedgerFixture): DeclaredPrograms {
  const placed = recorder.entries.map((sealed, position) => ({ ...sealed, position }));
  const trust = foldTrust(
    ledger,
    placed.flatMap(({ entry, position }) => (isTrustEntry(entry) ? [{ entry, position }] : [])),
  );
  let programs: DeclaredPrograms = new Map();
  for (const { entry, digest, position } of placed) {
    if (!isProgramsEntry(entry) || !trust.ok) continue;
    const evolved = evolvePrograms(programs, { entry, digest, position }, trust.value);
    if (evolved.ok) programs = evolved.value;
  }
  return programs;
}

const wrongly = 'programs.invalid at programs.declared';

describe('rows on the ledger', () => {
  test('stand under each of their names, and tell who signed them and when', () => {
    const fixture = ledgerFixture();
    const declaredAt = fixture.recorder.nowMs;
    const entry = declareProgramsOn(fixture);
    const declared = { row, digest: rowDigest(row), entry, by: legislator.id, declaredAt };
    expect([[...programsIn(fixture)], told(fixture)]).toEqual([
      [
        ['mend', declared],
        ['patchwork', declared],
      ],
      [],
    ]);
  });

  test('give way to later ones, name by name, and end one by one', () => {
    const fixture = ledgerFixture();
    declareProgramsOn(fixture);
    const other = { cases: { 'mend a': '' } };
    declareProgramsOn(fixture, { mend: other });
    const rows = () => [...programsIn(fixture)].map(([name, each]) => [name, each.digest]);
    expect(rows()).toEqual([
      ['mend', rowDigest(other)],
      ['patchwork', rowDigest(row)],
    ]);
    retire(fixture, 'patchwork');
    expect(rows()).toEqual([['mend', rowDigest(other)]]);
    expect(told(fixture)).toEqual([]);
  });

  test.each([
    ['that nobody declared', 'sew'],
    ['that is another by now', 'mend'],
  ])('are not retired of a program %s', (_, name) => {
    const fixture = ledgerFixture();
    declareProgramsOn(fixture);
    declareProgramsOn(fixture, { mend: { cases: { 'mend a': '' } } });
    retire(fixture, name);
    expect([told(fixture), programsIn(fixture).size]).toEqual([
      ['programs.invalid at programs.retired'],
      2,
    ]);
  });

  test.each([
    ['one who approves', approver],
    ['a root', root],
    ['nobody who is known', lead],
  ])('are not believed of %s', (_, signer) => {
    const fixture = ledgerFixture();
    declareProgramsOn(fixture, someRows, signer);
    expect([told(fixture), programsIn(fixture).size]).toEqual([[wrongly], 0]);
  });

  const type = 'application/vnd.chancery.programs+json';
  const declared = (ledger: string, after: string, by = legislator): Envelope =>
    declarePrograms({ ledger, after, programs: someRows }, by);

  test.each<[string, (fixture: LedgerFixture, after: string) => void]>([
    ['in another ledger', (on, after) => record(on, declared(someDigest('x'), after))],
    ['at another place', (on) => record(on, declared(on.ledger, someDigest('x')))],
    ['by another author', (on, after) => record(on, declared(on.ledger, after), { by: approver })],
    [
      'with a row that says more than it can',
      (on, after) => {
        const programs = { mend: { lenient: true, cases } };
        const said = { v: 1, ledger: on.ledger, after, programs };
        record(on, sealEnvelope(type, said, [legislator]));
      },
    ],
    [
      'with a member beside it',
      (on, after) => {
        const said = { v: 1, ledger: on.ledger, after, programs: someRows, note: '' };
        record(on, sealEnvelope(type, said, [legislator]));
      },
    ],
  ])('are not believed %s', (_, write) => {
    const fixture = ledgerFixture();
    write(fixture, headOf(fixture));
    expect([told(fixture), programsIn(fixture).size]).toEqual([[wrongly], 0]);
  });

  test('are named in an action by those of its programs that have one', () => {
    const fixture = ledgerFixture();
    declareProgramsOn(fixture);
    const programs = programsIn(fixture);
    expect(standingRows(programs, ['cat', 'mend'])).toEqual({ rows: { mend: rowDigest(row) } });
    expect(standingRows(programs, ['cat'])).toEqual({});
    expect(standingRows(undefined, ['mend'])).toEqual({});
  });
});

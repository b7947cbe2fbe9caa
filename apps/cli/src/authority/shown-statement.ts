import type { KeyId } from '@chancery/kernel/encoding';
import { type Result, done } from '@chancery/kernel/refusal';
import type { Session } from '../session.ts';
import { showFields, type Field } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';
import { openStatement, type OpenStatement, type StatementFile } from './statement-file.ts';

/** What every statement of a file says, each signature verified. Refuses `envelope.invalid`. */
export function openStatements({ statements }: StatementFile): Result<readonly OpenStatement[]> {
  const opened: OpenStatement[] = [];
  for (const statement of statements) {
    const read = openStatement(statement);
    if (!read.ok) return read;
    opened.push(read.value);
  }
  return done(opened);
}

/** Tells what is to be signed, and who has: a root signs what it was shown. */
export function showStatements(
  { terminal, json }: Pick<Session, 'terminal' | 'json'>,
  { roots, threshold }: StatementFile,
  opened: readonly OpenStatement[],
): void {
  for (const { said, signers } of opened) {
    const { kind, ...statement } = said;
    if (json) {
      terminal.json({ type: 'statement', kind, statement, roots, threshold, signers });
      continue;
    }
    showFields(terminal, [
      ...fieldsOf(said),
      ['Signed', signedText(signers, threshold)],
      ...signers.map((key): Field => ['', key]),
    ]);
    terminal.line();
  }
}

function signedText(signers: readonly KeyId[], threshold: number): string {
  // What stands around a statement is signed by nobody.
  return `by ${signers.length} of the ${threshold} roots that must, as the file says; the ledger decides`;
}

function fieldsOf(said: OpenStatement['said']): readonly Field[] {
  switch (said.kind) {
    case 'ledger.created':
      return [
        ['Says', `the ledger ${visible(said.name)} begins`],
        ['Agree', `${said.threshold} of ${said.roots.length} roots`],
        ...said.roots.map((key): Field => ['', key]),
        ['Contract', said.contractDigest],
        ['Policy', said.defaultPolicy],
        ['Nonce', visible(said.nonce)],
      ];
    case 'key.trusted':
      return [
        ['Says', `${said.key} is trusted`],
        ['Label', visible(said.label)],
        ['May', said.purposes.join(' ')],
        ['Ledger', said.ledger],
      ];
    case 'key.retired':
      return [
        ['Says', `${said.key} is retired`],
        ['Reason', visible(said.reason)],
        ['Ledger', said.ledger],
      ];
    case 'key.compromised':
      return [
        ['Says', `${said.key} is compromised`],
        ['Void', `what it signed from entry ${said.fromSize} on`],
        ['Reason', visible(said.reason)],
        ['Ledger', said.ledger],
      ];
  }
}

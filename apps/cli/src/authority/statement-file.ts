import {
  envelopeOf,
  isJsonObject,
  isKeyId,
  parseRecord,
  type Envelope,
  type Json,
  type KeyId,
} from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import {
  keyKinds,
  readGenesisDraft,
  readKeyStatementDraft,
  type Genesis,
  type KeyStatement,
} from '@chancery/kernel/writ';
import { textIn } from '../text-file.ts';

/** What goes round the roots of a ledger to be signed: its genesis, or what they say of keys. */
export interface StatementFile {
  /** Those who may sign, and how many must: of the ledger that the file was drafted for. */
  readonly roots: readonly KeyId[];
  readonly threshold: number;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly kind: 'ledger.created' | KeyStatement['kind'];
  readonly envelope: Envelope;
}

/** A statement as its envelope has it, and whose signatures it bears. */
export interface OpenStatement {
  readonly said: ({ readonly kind: 'ledger.created' } & Genesis) | KeyStatement;
  readonly signers: readonly KeyId[];
}

/** Many times what the statements of a ceremony take. */
const maxChars = 1_000_000;
const maxStatements = 64;

/** Reads such a file. Refuses `usage.invalid`, and `envelope.invalid` for what is no such file. */
export function loadStatements(file: string): Result<StatementFile> {
  const text = textIn(file);
  const wrong = (why: string) => refused('envelope.invalid', `${file} ${why}`);
  if (text.length > maxChars) return wrong('is too large for statements of the roots');
  const parsed = parseRecord(text.trim());
  if (!parsed.ok) return wrong(`is not readable: ${parsed.refusal.message}`);
  const read = fileOf(parsed.value);
  return read === undefined ? wrong('holds no statements of the roots') : done(read);
}

function fileOf(value: Json): StatementFile | undefined {
  if (!isJsonObject(value)) return undefined;
  const { v, roots, threshold, statements, ...more } = value;
  if (v !== 1 || Object.keys(more).length > 0) return undefined;
  if (!Array.isArray(roots) || !roots.every((key) => typeof key === 'string' && isKeyId(key))) {
    return undefined;
  }
  if (typeof threshold !== 'number' || threshold < 1 || threshold > roots.length) return undefined;
  if (!Array.isArray(statements) || statements.length > maxStatements) return undefined;
  const read = statements.map(statementOf).filter((each) => each !== undefined);
  if (read.length === 0 || read.length !== statements.length) return undefined;
  return { roots, threshold, statements: read };
}

function statementOf(value: Json): Statement | undefined {
  if (!isJsonObject(value)) return undefined;
  const { kind, envelope: member, ...more } = value;
  const known = (['ledger.created', ...keyKinds] as const).find((each) => each === kind);
  const envelope = envelopeOf(member);
  if (known === undefined || envelope === undefined) return undefined;
  return Object.keys(more).length === 0 ? { kind: known, envelope } : undefined;
}

/** What a statement says, signed or not yet. Refuses `envelope.invalid`. */
export function openStatement({ kind, envelope }: Statement): Result<OpenStatement> {
  if (kind === 'ledger.created') {
    const read = readGenesisDraft(envelope);
    return read.ok
      ? done({ said: { kind, ...read.value.genesis }, signers: read.value.signers })
      : read;
  }
  const read = readKeyStatementDraft(kind, envelope);
  return read.ok ? done({ said: read.value.statement, signers: read.value.signers }) : read;
}

/** The text of such a file. */
export function statementsText({ roots, threshold, statements }: StatementFile): string {
  return `${JSON.stringify({ v: 1, roots, threshold, statements }, null, 2)}\n`;
}

import { objectDigest, type Digest, type KeyId } from '../encoding/index.ts';
import type { Entry } from '../ledger/index.ts';
import { done, refusal, type Refusal, type Result } from '../refusal/index.ts';
import { believe, saidByLegislator, type Trust } from '../writ/index.ts';
import { readProgramRetirement, readPrograms } from './declaration.ts';
import { rowsByName } from './form.ts';
import type { ProgramRow } from './row.ts';

/** A row as it was declared. */
export interface DeclaredProgram {
  readonly row: ProgramRow;
  readonly digest: Digest;
  /** Digest of the entry. */
  readonly entry: Digest;
  readonly by: KeyId;
  readonly declaredAt: number;
}

/** What a ledger tells of programs now, by name. */
export type DeclaredPrograms = ReadonlyMap<string, DeclaredProgram>;

export type ProgramsEntry = Entry<'programs.declared'> | Entry<'programs.retired'>;

/** Such an entry with its place in the order of the whole ledger. */
export interface PlacedProgramsEntry {
  readonly entry: ProgramsEntry;
  readonly digest: Digest;
  readonly position?: number | undefined;
}

export function isProgramsEntry(entry: Entry): entry is ProgramsEntry {
  return entry.kind === 'programs.declared' || entry.kind === 'programs.retired';
}

/** Digest over all that a row says, its cases among it. */
export function rowDigest(row: ProgramRow): Digest {
  return objectDigest('program-row', row);
}

const saying = saidByLegislator('what is said of programs');

/**
 * The rows after an entry, see `believe`: its signer is trusted to sign policies. Where that key is found
 * to be compromised, it says nothing. Refuses `envelope.invalid` and `programs.invalid`.
 */
export function evolvePrograms(
  programs: DeclaredPrograms,
  { entry, digest, position }: PlacedProgramsEntry,
  present: Trust,
): Result<DeclaredPrograms> {
  const read = readEnvelope(entry);
  if (!read.ok) return read;
  const counts = believe(read.value, { entry, position }, saying, present);
  if (!counts.ok) return counts;
  if (!counts.value) return done(programs);
  const { said, signer } = read.value;
  const next = new Map(programs);
  if ('row' in said) {
    if (next.get(said.name)?.digest === said.row) next.delete(said.name);
  } else {
    const about = { entry: digest, by: signer, declaredAt: entry.at };
    for (const [name, row] of rowsByName(said.programs)) {
      next.set(name, { row, digest: rowDigest(row), ...about });
    }
  }
  return done(next);
}

function readEnvelope({ kind, body }: ProgramsEntry) {
  return kind === 'programs.declared'
    ? readPrograms(body.envelope)
    : readProgramRetirement(body.envelope);
}

/** Why a row could not be retired: it is not the one that stands. Refuses with `programs.unknown`. */
export function checkProgramRetired(
  programs: DeclaredPrograms,
  { name, row }: { readonly name: string; readonly row: Digest },
): Refusal | undefined {
  if (programs.get(name)?.digest === row) return undefined;
  return refusal('programs.unknown', `no row of ${name} is declared`);
}

/** Why an entry makes no sense after those before it; its signature is for `evolvePrograms`. */
export function checkProgramsEntry(
  programs: DeclaredPrograms,
  entry: ProgramsEntry,
): Refusal | undefined {
  const read = readEnvelope(entry);
  if (!read.ok) return read.refusal;
  const { said } = read.value;
  return 'row' in said ? checkProgramRetired(programs, said) : undefined;
}

/**
 * Part of the outside facts of an action: of the programs that it could run, the declared rows that stand
 * for them, by name, each with its digest. What the command is told to do was read by them.
 */
export function standingRows(
  programs: DeclaredPrograms | undefined,
  names: readonly string[],
): { readonly rows?: Readonly<Record<string, Digest>> } {
  const rows = names.flatMap((name) => {
    const known = programs?.get(name);
    return known === undefined ? [] : [[name, known.digest] as const];
  });
  return rows.length === 0 ? {} : { rows: Object.fromEntries(rows) };
}

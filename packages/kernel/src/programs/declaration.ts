import {
  exactly,
  isDigest,
  isJsonObject,
  misfit,
  readStatement,
  sealEnvelope,
  type Digest,
  type Envelope,
  type Form,
  type ReadStatement,
  type Signer,
} from '../encoding/index.ts';
import { refused, type Result } from '../refusal/index.ts';
import { checkProgramRows, programForm } from './form.ts';
import type { ProgramRows } from './row.ts';

/** Payload of `programs.declared`. */
export interface ProgramsDeclaration {
  readonly v: 1;
  readonly ledger: Digest;
  /** The entry of the stream `policy` that it was signed upon. */
  readonly after: Digest;
  readonly programs: ProgramRows;
}

/** Payload of `programs.retired`. */
export interface ProgramRetirement extends Omit<ProgramsDeclaration, 'programs'> {
  readonly name: string;
  /** Digest of the row that stands no more. */
  readonly row: Digest;
}

const declared = 'application/vnd.chancery.programs+json';
const retired = 'application/vnd.chancery.program-retirement+json';

const place = { v: exactly(1), ledger: isDigest, after: isDigest };

const declarationForm: Readonly<Record<keyof ProgramsDeclaration, Form>> = {
  ...place,
  programs: isJsonObject,
};

const retirementForm: Readonly<Record<keyof ProgramRetirement, Form>> = {
  ...place,
  name: (value) => typeof value === 'string' && programForm.test(value),
  row: isDigest,
};

/** Signs what is known of programs, besides what is built in. */
export function declarePrograms(
  { ledger, after, programs }: Omit<ProgramsDeclaration, 'v'>,
  by: Signer,
): Envelope {
  const payload: ProgramsDeclaration = { v: 1, ledger, after, programs };
  return sealEnvelope(declared, payload, [by]);
}

/** Signs that nothing is known of a program any more. */
export function retireProgram(
  { ledger, after, name, row }: Omit<ProgramRetirement, 'v'>,
  by: Signer,
): Envelope {
  const payload: ProgramRetirement = { v: 1, ledger, after, name, row };
  return sealEnvelope(retired, payload, [by]);
}

/** Reads a declaration, signed by exactly one key. Refuses `envelope.invalid` and `programs.invalid`. */
export function readPrograms(envelope: Envelope): Result<ReadStatement<ProgramsDeclaration>> {
  const read = readStatement<ProgramsDeclaration>(envelope, {
    type: declared,
    what: 'the rows of programs',
    wrongIn: (payload) => misfit(payload, declarationForm),
  });
  if (!read.ok) return read;
  const wrong = checkProgramRows(read.value.said.programs);
  return wrong === undefined ? read : refused(wrong.code, wrong.message);
}

/** Reads a retirement, signed by exactly one key. Refuses with `envelope.invalid`. */
export function readProgramRetirement(
  envelope: Envelope,
): Result<ReadStatement<ProgramRetirement>> {
  return readStatement<ProgramRetirement>(envelope, {
    type: retired,
    what: 'the retirement',
    wrongIn: (payload) => misfit(payload, retirementForm),
  });
}

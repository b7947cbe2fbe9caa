import { approvalRows } from './approval.ts';
import { compilerRows } from './compiler.ts';
import { elsewhereRows } from './elsewhere.ts';
import { ledgerRows } from './ledger.ts';
import type { Row, Rows } from './row.ts';
import { runRows } from './run.ts';
import { sayingRows } from './saying.ts';
import { writRows } from './writ.ts';

const parts: readonly Rows[] = [
  ...[compilerRows, writRows, approvalRows, sayingRows],
  ...[runRows, ledgerRows, elsewhereRows],
];

/** Every row with its code. A code that has two is here twice. */
export const codeRows: readonly (readonly [code: string, row: Row])[] = parts.flatMap((part) =>
  Object.entries(part),
);

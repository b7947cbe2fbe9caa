import { isProgramVariable } from '../contract/index.ts';
import type { Manifest } from './model.ts';
import { runsProgram } from './runs-program.ts';

/**
 * The first variable that a manifest has a program be given as a secret although it changes which programs
 * run. Looked at before one is declared, and at use: in a ledger of before one may stand.
 */
export function fatefulVariable({ executor, reconcile, compensate }: Manifest): string | undefined {
  const executors = [executor, reconcile?.executor, compensate?.executor];
  return [...executors, compensate?.reconcile?.executor]
    .filter((each) => each !== undefined)
    .filter(runsProgram)
    .flatMap(({ credentials }) => credentials)
    .find(isProgramVariable);
}

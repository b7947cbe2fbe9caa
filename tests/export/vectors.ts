import { exportOf, ledgerFixture, trustRuntime, writeRun } from '@chancery/testkit/builders';
import { writeErased } from './erased.ts';

const fixture = ledgerFixture();
trustRuntime(fixture);
writeRun(fixture);

const erased = ledgerFixture();
trustRuntime(erased);
const blobs = writeErased(erased);

export const { ledger } = fixture;

/** Files of tests/vectors/export: all that is in them follows from fixed keys, names and times. */
export const vectors: Readonly<Record<string, string>> = {
  'whole.chancery': exportOf(fixture).join(''),
  'streams.chancery': exportOf(fixture, { streams: ['ledger', 'run:r1'] }).join(''),
  'erased.chancery': exportOf(erased, { blobs }).join(''),
  'erased-streams.chancery': exportOf(erased, { blobs, streams: ['ledger', 'run:r1'] }).join(''),
};

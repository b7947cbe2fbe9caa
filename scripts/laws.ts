import { closingLine } from './test/counts.ts';
import { runTests } from './test/run-tests.ts';

/*
 * npm run laws [-- FILTER…]
 *
 * Tries the laws of authority, or the suites whose files match, with 10,000 cases each, or as many as
 * CHANCERY_PROPERTY_RUNS says.
 */

const laws = [
  ...['packages/kernel/src/writ/covers.prop', 'packages/kernel/src/writ/host.prop'],
  ...['packages/kernel/src/writ/trust.prop', 'packages/kernel/src/quorum/tally.prop'],
  ...['packages/kernel/src/quorum/delegation.prop', 'packages/kernel/src/account/arithmetic.prop'],
  ...['packages/kernel/src/account/account.prop', 'packages/kernel/src/replay/budget-check.prop'],
  ...['tests/spine/budgets.prop', 'tests/spine/approvals.prop', 'tests/spine/controls.prop'],
  'tests/spine/revocation.prop',
];

process.env['CHANCERY_PROPERTY_RUNS'] ??= '10000';
const asked = process.argv.slice(2);
const counts = await runTests(asked.length > 0 ? asked : laws);
console.log(`\n${closingLine(counts)}`);
if (counts.failed > 0) process.exitCode = 1;

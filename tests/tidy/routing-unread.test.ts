import { describe, expect, it } from 'vitest';
import { read, sources } from './tree.ts';

/** Everything by which it is decided whether something may happen, and what it costs. */
const deciding = [
  /^packages\/kernel\/src\/(account|channel|compiler|contract|control|policy|quorum|world|writ)\//,
  /^packages\/domain\/src\/(approvals|policies|simulation)\//,
  /^packages\/runtime\/src\/(authority|simulation)\//,
  /^packages\/runtime\/src\/broker\/(decide|prepare|effect|settle|leases|recover)\.ts$/,
  /^packages\/runtime\/src\/cognition\/(window|loop-next|retry|prices)\.ts$/,
];

/** All that may know of the evidence of a router. */
const knowing = [
  /^packages\/kernel\/src\/(ledger|refusal|replay|routing)\//,
  /^packages\/kernel\/src\/encoding\/digest\.ts$/,
  /^packages\/runtime\/src\/broker\/(index|routing|submit)\.ts$/,
  /^packages\/runtime\/src\/cognition\/(model|loop-model|loop-evolve)\.ts$/,
  /^packages\/runtime\/src\/drive\/(ask|drive)\.ts$/,
  /^packages\/runtime\/src\/projections\/(audit|index|rout(ing|ed)-[a-z]+)\.ts$/,
  /^packages\/adapters\/src\/model-scripted\//,
  /^apps\/cli\/src\/(routing\/|runs\/audited\.ts|commands\/routing-feedback\.ts|json-lines\.ts|main\.ts)/,
];

const shipped = sources.filter(
  (file) => /^(packages\/(?!testkit)|apps\/)/.test(file) && !/\.test\.ts$|-fixture\.ts$/.test(file),
);

function matching(forms: readonly RegExp[]): readonly string[] {
  return shipped.filter((file) => forms.some((form) => form.test(file)));
}

describe('the evidence of a router', () => {
  it('is named by nothing that decides', () => {
    expect(matching(deciding).length).toBeGreaterThan(90);
    expect(matching(deciding).filter((file) => /rout(ing|ed)/i.test(read(file)))).toEqual([]);
  });

  it('is named only where it is recorded, checked or shown', () => {
    const others = shipped.filter((file) => !matching(knowing).includes(file));
    expect(others.filter((file) => /routing/i.test(read(file)))).toEqual([]);
  });
});

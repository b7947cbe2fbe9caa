import { describe, expect, it } from 'vitest';
import { compilerRows } from './codes/compiler.ts';
import { writRows } from './codes/writ.ts';
import { sayingRows } from './codes/saying.ts';
import { approvalRows } from './codes/approval.ts';
for (const [code, row] of Object.entries({...compilerRows, ...writRows, ...approvalRows, ...sayingRows})) {
  describe(code, () => {
    for (const c of row?.cases ?? []) it(c.name, async () => {
      const { grown, verifies, ...seen } = await c.run();
      expect(seen).toEqual({ code, effects: 0, recorded: c.recorded });
      expect(verifies).toBe(c.isForged !== true);
      if (c.recorded.length === 0) expect(grown).toBe(false);
    });
  });
}

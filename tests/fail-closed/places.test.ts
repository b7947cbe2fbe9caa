import { describe, expect, it } from 'vitest';
import { placesOf } from './places.ts';

const names = (source: string): readonly string[] => placesOf(source).map(({ name }) => name);

describe('a place', () => {
  it('is where a refusal is made, named by its function and its code', () => {
    const source = `
      const no = () => refused('args.invalid', 'a');
      function twice() { return [refuse('args.secret'), refuse('args.secret')].map((x) => x); }
      class C { #own() { return { code: 'ledger.corrupt' }; } }
      tell('policy.denied');`;
    expect(names(source)).toEqual([
      'no: refusal args.invalid',
      'twice: refusal args.secret',
      'twice: refusal args.secret #2',
      '#own: refusal ledger.corrupt',
      '(file): refusal policy.denied',
    ]);
  });

  it('is not where a code is compared, listed, named as a type or as a member', () => {
    const source = `
      type Some = 'args.invalid';
      const rows = { 'args.invalid': 1 };
      const all = ['args.invalid'];
      if (code === 'args.invalid') run();
      switch (code) { case 'args.invalid': run(); }
      const unknown = 'no.such-code';`;
    expect(names(source)).toEqual([]);
  });

  it('is where something is thrown or caught', () => {
    const source = `
      function f() { try { g(); } catch { throw new Fault('x'); } finally { h(); } }
      function g() { if (bad) throw error; return later.catch(() => 1); }
      const h = (p) => p.then((x) => x, (e) => e).then((y) => y);`;
    expect(names(source)).toEqual([
      'f: catch',
      'f: fault Fault',
      'g: fault (as it came)',
      'g: catch',
      'h: catch',
    ]);
  });

  it('is where a value is put in the place of one that is missing', () => {
    const source = `
      const a = x ?? 0;
      const b = x ?? [];
      const c = x || 'none';
      const d = x ?? other();
      const n = x ?? -1;
      const both = !x || !y;
      function e(x) { switch (x) { case 1: return 1; default: return 2; } }`;
    expect(names(source)).toEqual([
      'a: default 0',
      'b: default []',
      "c: default 'none'",
      'n: default -1',
      'e: default of the switch',
    ]);
  });

  it('tells where its text begins and ends', () => {
    const source = `const a = x ?? 12;`;
    const cut = placesOf(source).map(({ start, end }) => source.slice(start, end));
    expect(cut).toEqual(['12']);
  });
});

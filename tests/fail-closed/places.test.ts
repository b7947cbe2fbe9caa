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

  it('is where something at hand is, or is made, in the place of what is missing', () => {
    const source = `
      const a = x ?? usual;
      const b = x ?? this.usual;
      const c = x ?? new Map();
      const d = x ?? \`no \${y}\`;
      const e = () => { x ??= usual; y ??= other(); };
      const f = () => { x ||= true; y ||= z; };
      const g = x ?? undefined;
      const h = x || usual;`;
    expect(names(source)).toEqual([
      'a: default usual',
      'b: default this.usual',
      'c: default new Map()',
      'd: default `no ${y}`',
      'e: default usual',
      'f: default true',
    ]);
  });

  it('is where a parameter or a name has a value when none is given', () => {
    const source = `
      function f(a = 1, { b = usual, c: { d = [] }, e } = {}, [g = made()] = []) {}
      function h() { const { i = () => true } = x; }
      class C { run(a = 1) {} own = 1; }`;
    expect(names(source)).toEqual([
      'f: default 1',
      'f: default {}',
      'f: default usual',
      'f: default []',
      'f: default [] #2',
      'f: default made()',
      'h: default () => true',
      'run: default 1',
    ]);
  });

  it('is where a value is chosen because another is absent, unless that is left out', () => {
    const source = `
      const a = x === undefined ? 1 : x.y;
      const b = x !== null ? f(x) : 'none';
      const c = { ...(x === undefined ? {} : { x }) };
      const d = [...(x === undefined ? [] : [x])];
      const e = x === 3 ? 1 : 2;
      const g = x === undefined ? f() : 2;`;
    expect(names(source)).toEqual(['a: default 1', "b: default 'none'"]);
  });

  it('tells where its text begins and ends', () => {
    const source = `const a = x ?? 12;`;
    const cut = placesOf(source).map(({ start, end }) => source.slice(start, end));
    expect(cut).toEqual(['12']);
  });
});

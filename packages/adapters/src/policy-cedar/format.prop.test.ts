import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import { cedar } from './cedar.ts';
import { defaultPolicyText } from './default-bundle.ts';
import { formatPolicy } from './format.ts';
import { starters } from './starters.ts';

/** What the library makes of the text as a whole. */
function whole(text: string): string | undefined {
  const formatted = cedar().formatPolicies({ policyText: text, lineWidth: 100, indentWidth: 2 });
  return formatted.type === 'failure' ? undefined : formatted.formatted_policy;
}

const between = fc.constantFrom(
  ...[
    '',
    ' ',
    '\n',
    '\n\n\n',
    ' // behind\n',
    '// close\n',
    '\r\n',
    '\n// a; "b\n\n// c\n',
    ' // x\n// y\n',
  ],
);
const rule = fc.constantFrom(
  'permit(principal,action,resource);',
  '@id("a;//b") forbid (principal, action, resource) when { context.path == "x;" };',
  'permit (principal, // who\naction, resource)\n// why\nwhen { true // so\n} ;',
  'forbid(principal,action,resource)unless{1==2&&[1,2,3].contains(3)};',
);
const texts = fc
  .tuple(between, fc.array(fc.tuple(rule, between), { maxLength: 6 }))
  .map(([first, rules]) => first + rules.flat().join(''));

it('law: a text is laid out rule by rule as it is as a whole', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const formatted = formatPolicy(text);
      expect(formatted.ok ? formatted.value : undefined).toBe(whole(text));
    }),
    cases(300),
  );
});

it('lays out each policy that is given away as Cedar does', () => {
  for (const text of [defaultPolicyText, ...starters.map((starter) => starter.text())]) {
    expect(formatPolicy(text)).toEqual({ ok: true, value: whole(text) });
  }
});

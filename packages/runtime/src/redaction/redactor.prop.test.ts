import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import type { Json } from '@chancery/kernel/encoding';
import { encodings } from '@chancery/testkit/encodings';
import { redactor } from './index.ts';

/** As people make them; longer than any word of the marks that replace them. */
const secrets = fc.string({
  unit: fc.constantFrom(...Array.from('abcnrXYZ019-_+/=!|"\\ é€😀%&')),
  minLength: 10,
  maxLength: 40,
});

const places: Readonly<Record<string, (text: string) => Json>> = {
  value: (text) => text,
  member: (text) => ({ a: { b: [1, text] } }),
  key: (text) => ({ [text]: null }),
};

/** A secret as it stands in some output. */
const planted = fc.record({
  secret: secrets,
  before: fc.string({ maxLength: 40 }),
  after: fc.string({ maxLength: 40 }),
  place: fc.constantFrom(...Object.values(places)),
});

/** Parts of it, as the columns of a dump show them. */
function partsOf(secret: string): readonly string[] {
  return Array.from({ length: secret.length - 8 }, (_, at) => secret.slice(at, at + 9));
}

test.each(Object.entries(encodings))(
  'a known secret is in no output, whatever stands around it, written as %s',
  (_, encode) => {
    fc.assert(
      fc.property(planted, ({ secret, before, after, place }) => {
        const output = place(encode(before + secret + after));

        const { value, count } = redactor({ secrets: [secret], knownOnly: true }).redact(output);

        expect(count).toBe(1);
        const shown = JSON.stringify(value);
        expect(shown).toContain('[redacted:known]');
        for (const form of Object.values(encodings)) expect(shown).not.toContain(form(secret));
        for (const part of partsOf(secret)) expect(shown).not.toContain(part);
      }),
      cases(300),
    );
  },
);

test.each(Object.entries(encodings))(
  'a known secret is in no chunk and in no argument, written as %s',
  (_, encode) => {
    fc.assert(
      fc.property(planted, fc.integer({ min: 1, max: 90 }), ({ secret, before, after }, length) => {
        const { stream, findSecret, redactText } = redactor({ secrets: [secret], knownOnly: true });
        const text = `${'a line\n'.repeat(40)}${encode(before + secret + after)}\nthe end\n`;
        expect(findSecret(text)).toBe('known');
        const { write, end } = stream();
        const chunks = text.match(new RegExp(`.{1,${length}}`, 'gs')) ?? [];
        const shown = [...chunks.map((chunk) => write(chunk).value), end().value].join('');
        expect(shown).toBe(redactText(text).value);
      }),
      cases(50),
    );
  },
);

test('what was redacted once is not touched again', () => {
  fc.assert(
    fc.property(secrets, fc.jsonValue(), (secret, value) => {
      const { redact } = redactor({ secrets: [secret] });
      const once = redact([value as Json, `x${secret}`, `redis://a:${'b'.repeat(9)}@c`]).value;

      expect(redact(once)).toEqual({ value: once, count: 0 });
    }),
    cases(100),
  );
});

test('a value without secrets is given back as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const { redact } = redactor({ secrets: ['a secret that no value holds'] });

      expect(redact(value as Json)).toEqual({ value, count: 0 });
    }),
    cases(100),
  );
});

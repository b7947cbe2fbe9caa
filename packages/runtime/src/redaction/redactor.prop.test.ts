import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Json } from '@chancery/kernel/encoding';
import { redactor } from './index.ts';

/** As people make them; longer than any word of the marks that replace them. */
const secrets = fc.string({
  unit: fc.constantFrom(...Array.from('abcXYZ019-_+/=!"\\ é€😀%&')),
  minLength: 10,
  maxLength: 40,
});

const encodings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify(text),
  twice: (text) => JSON.stringify(JSON.stringify(text)),
  url: encodeURIComponent,
  form: (text) => new URLSearchParams({ q: text }).toString(),
  hex: (text) => Buffer.from(text).toString('hex'),
  upperHex: (text) => Buffer.from(text).toString('hex').toUpperCase(),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
};

const places: Readonly<Record<string, (text: string) => Json>> = {
  value: (text) => text,
  member: (text) => ({ a: { b: [1, text] } }),
  key: (text) => ({ [text]: null }),
};

/** A secret as it stands in some output. */
const planted = fc.record({
  secret: secrets,
  before: fc.string({ maxLength: 5 }),
  after: fc.string({ maxLength: 5 }),
  encode: fc.constantFrom(...Object.values(encodings)),
  place: fc.constantFrom(...Object.values(places)),
});

test('a known secret is in no output, whatever stands around it and however it is written', () => {
  fc.assert(
    fc.property(planted, ({ secret, before, after, encode, place }) => {
      const output = place(encode(before + secret + after));

      const { value, count } = redactor({ secrets: [secret] }).redact(output);

      expect(count).toBe(1);
      const shown = JSON.stringify(value);
      expect(shown).toContain('[redacted:known]');
      for (const form of Object.values(encodings)) expect(shown).not.toContain(form(secret));
    }),
  );
});

test('what was redacted once is not touched again', () => {
  fc.assert(
    fc.property(secrets, fc.jsonValue(), (secret, value) => {
      const { redact } = redactor({ secrets: [secret] });
      const once = redact([value as Json, `x${secret}`, `redis://a:${'b'.repeat(9)}@c`]).value;

      expect(redact(once)).toEqual({ value: once, count: 0 });
    }),
  );
});

test('a value without secrets is given back as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const { redact } = redactor({ secrets: ['a secret that no value holds'] });

      expect(redact(value as Json)).toEqual({ value, count: 0 });
    }),
  );
});

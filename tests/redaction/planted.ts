import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { redactor } from '@chancery/runtime/redaction';
import { encodings } from '@chancery/testkit/encodings';
import { corpus, randomOf, sampleOf } from './corpus.ts';

/** A secret, and how somebody has written it. */
export interface PlantedSecret {
  readonly text: string;
  /** The value, where it is known to the vault or the environment. */
  readonly known: string | undefined;
  /** No byte search may find any of these. */
  readonly forms: readonly string[];
}

const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** As people and programs make them: of at least ten characters, some of them awkward. */
const values = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...Array.from(base62)), minLength: 9, maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom(...Array.from(`${base62}-_+/=!"'\\<&%é€😀 `)),
      maxLength: 20,
    }),
    fc.constantFrom(...Array.from('0123456789')),
  )
  .map(([start, end, digit]) => `${start}${digit}${end}`.trim());

/** What is found of a secret wherever a part of it is: as many characters in a row are a leak. */
const tellingChars = 12;

function windowsOf(text: string): readonly string[] {
  const points = Array.from(text);
  const last = Math.max(0, points.length - tellingChars);
  return Array.from({ length: last + 1 }, (_, at) => points.slice(at, at + tellingChars).join(''));
}

/** What base64 of any text holds where the secret stands in it, for each offset. */
function base64Within(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const own = whole.slice(
      Math.ceil((offset * 8) / 6),
      Math.floor(((offset + bytes.length) * 8) / 6),
    );
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const around = fc.string({ unit: fc.constantFrom(...Array.from(`${base62}:/ `)), maxLength: 7 });

/** A value that is known, in some encoding, with something before and after it within what is encoded. */
export const knownSecrets: fc.Arbitrary<PlantedSecret> = fc
  .record({
    secret: values,
    encode: fc.constantFrom(...Object.values(encodings)),
    before: around,
    after: around,
  })
  .map(({ secret, encode, before, after }) => ({
    text: encode(before + secret + after),
    known: secret,
    forms: [
      ...Object.values(encodings).map((form) => form(secret)),
      ...base64Within(secret),
      ...windowsOf(secret),
    ],
  }));

const { redactText } = redactor({ secrets: [] });
const nameless = corpus.filter(({ name }) => name === undefined);

/** One that is known by its look alone; what of a format is not known even in prose is not promised. */
export const lookingSecrets: fc.Arbitrary<PlantedSecret> = fc
  .tuple(fc.constantFrom(...nameless), fc.integer())
  .map(([format, seed]) => {
    const { text, drawn } = sampleOf(format, randomOf(`${format.format} ${seed}`));
    const forms = drawn.filter((part) => part.length >= tellingChars).flatMap(windowsOf);
    return { text, known: undefined, forms };
  })
  .filter(({ text, forms }) => {
    const shown = redactText(`a ${text} b`).value;
    return text.length < 200 && forms.length > 0 && !forms.some((form) => shown.includes(form));
  });

export const plantedSecrets = fc.oneof(
  { weight: 2, arbitrary: knownSecrets },
  { weight: 1, arbitrary: lookingSecrets },
);

/** The forms that are found in some bytes. */
export function foundIn(bytes: Buffer, { forms }: PlantedSecret): readonly string[] {
  return forms.filter((form) => bytes.includes(form));
}

/** Every byte of a folder, and the names of what is in it; `leftOut` by their paths in it. */
export function everythingIn(folder: string, leftOut: readonly string[] = []): Buffer {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Buffer.concat(
    entries.flatMap((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const within = path.relative(folder, file);
      if (leftOut.some((each) => within === each || within.startsWith(`${each}/`))) return [];
      return [Buffer.from(entry.name), ...(entry.isFile() ? [readFileSync(file)] : [])];
    }),
  );
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '@chancery/testkit/properties';
import type { Json, JsonObject } from '@chancery/kernel/encoding';
import { compileCedar, type PolicyRequest } from '@chancery/kernel/policy';
import { decideWithCedar } from './decide.ts';

/*
 * Literals of the extension types, read by the kernel and by Cedar: well-formed ones with random
 * parts, and such ones with a character changed, taken out or put in. A batch of them is one set.
 */
const batch = 25;
const all = cases(2500);
const batches = { ...all, numRuns: Math.ceil(all.numRuns / batch) };

const uid = (type: string) => ({ type, id: 'x' });
const request: PolicyRequest = {
  principal: uid('Agent'),
  action: uid('Action'),
  resource: uid('Capability'),
  context: {},
  entities: [],
};

const int = (max: number): fc.Arbitrary<string> => fc.nat({ max }).map(String);
const digits = (length: number, max: number): fc.Arbitrary<string> =>
  fc.nat({ max }).map((number) => String(number).padStart(length, '0'));
const join = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(''));
const text = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

const year = fc.oneof(
  text('0000', '1900', '1970', '2000', '2024', '2100', '9999'),
  digits(4, 9999),
);
const monthDay = fc.oneof(
  text('-02-28', '-02-29', '-02-30', '-03-01', '-12-31', '-04-31'),
  join(text('-'), digits(2, 13), text('-'), digits(2, 32)),
);
const clock = join(text('T'), digits(2, 24), text(':'), digits(2, 60), text(':'), digits(2, 60));
const zone = fc.oneof(
  text('Z', '', '+0000', '-2359', '+2359'),
  join(text('+', '-'), digits(2, 24), digits(2, 60)),
);
const octet = fc.oneof(text('0', '10', '127', '224', '255', '256', '01'), int(300));
const group = fc.oneof(
  text('0', '1', 'ff00', 'FFFF', ''),
  fc.nat({ max: 0x1ffff }).map((bits) => bits.toString(16)),
);
const mask = fc.oneof(text('', '', '/'), join(text('/'), int(130)));

const literals: Readonly<Record<string, fc.Arbitrary<string>>> = {
  decimal: join(
    text('', '-'),
    fc.oneof(int(99), text('922337203685477', '922337203685478')),
    text('.'),
    fc.oneof(int(99999), text('5807', '5808', '5809')),
  ),
  ip: fc.oneof(
    join(
      fc.array(octet, { minLength: 3, maxLength: 5 }).map((list) => list.join('.')),
      mask,
    ),
    join(
      fc.array(group, { minLength: 6, maxLength: 9 }).map((list) => list.join(':')),
      mask,
    ),
    join(
      fc.array(group, { maxLength: 3 }).map((list) => list.join(':')),
      text('::'),
      fc.array(group, { maxLength: 5 }).map((list) => list.join(':')),
      mask,
    ),
  ),
  datetime: fc.oneof(
    join(year, monthDay),
    join(year, monthDay, clock, fc.oneof(text('', ''), join(text('.'), digits(3, 999))), zone),
  ),
  duration: join(
    text('', '-'),
    ...['d', 'h', 'm', 's', 'ms'].map((unit) =>
      fc.oneof(
        text('', ''),
        join(
          fc.oneof(int(100), text('9223372036854775807', '9223372036854775808', '106751991167')),
          text(unit),
        ),
      ),
    ),
  ),
};

/** One character changed, taken out or put in; mostly none. */
function damaged(literal: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const damage = fc.tuple(
    literal,
    fc.nat({ max: 30 }),
    fc.nat({ max: 1 }),
    text('', '0', '1', '-', '+', '.', ':', '/', 'T', 'm', ' ', '٣'),
  );
  const broken = damage.map(
    ([whole, at, length, put]) => whole.slice(0, at) + put + whole.slice(at + length),
  );
  return fc.oneof({ weight: 3, arbitrary: literal }, { weight: 1, arbitrary: broken });
}

const call = (name: string, ...args: readonly Json[]): JsonObject => ({ [name]: args });
const infix = (name: string, left: Json, right: Json): JsonObject => ({ [name]: { left, right } });

/** What is asked of two values, by type. */
const questions: Readonly<Record<string, (a: JsonObject, b: JsonObject) => readonly JsonObject[]>> =
  {
    decimal: (a, b) =>
      ['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'].map((name) =>
        call(name, a, b),
      ),
    ip: (a, b) => [
      ...['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'].map((name) => call(name, a)),
      call('isInRange', a, b),
    ],
    datetime: (a, b) => [
      infix('<', a, b),
      infix('<=', a, b),
      infix('==', call('toDate', a), call('toDate', b)),
      infix('>', call('toTime', a), call('toTime', b)),
      infix('<', call('durationSince', a, b), call('duration', { Value: '36500d' })),
    ],
    duration: (a, b) => [
      infix('<', a, b),
      infix('>=', a, b),
      infix('==', call('toDays', a), call('toDays', b)),
      infix('<', call('toHours', a), call('toMinutes', b)),
      infix('==', call('toSeconds', a), infix('*', call('toMilliseconds', b), { Value: 1000 })),
      infix(
        '<',
        call('offset', call('datetime', { Value: '1970-01-01' }), a),
        call('datetime', { Value: '2024-01-01' }),
      ),
    ],
  };

describe('literals of extension types', () => {
  it.each(Object.entries(literals))(
    'mean the same to the kernel and to Cedar: %s',
    (name, literal) => {
      const pair = fc.tuple(damaged(literal), damaged(literal), fc.boolean());
      const ask = questions[name] ?? (() => []);
      fc.assert(
        fc.property(fc.array(pair, { minLength: 1, maxLength: batch }), (pairs) => {
          const bodies = pairs.flatMap(([one, two, same]) => {
            const [a, b] = [call(name, { Value: one }), call(name, { Value: same ? one : two })];
            return [infix('==', a, b), ...ask(a, b)];
          });
          const all = { op: 'All' };
          const staticPolicies = Object.fromEntries(
            bodies.map((body, index) => [
              `p${index}`,
              {
                effect: 'permit',
                principal: all,
                action: all,
                resource: all,
                conditions: [{ kind: 'when', body }],
              },
            ]),
          );
          const compiled = compileCedar({ staticPolicies });
          if (!compiled.ok) throw new Error(compiled.refusal.message);
          const { decision, reasons, errors } = compiled.value(request);
          const policies = { staticPolicies, templates: {}, templateLinks: [] };
          expect({ decision, reasons, errors }).toEqual(decideWithCedar({ policies }, request));
        }),
        batches,
      );
    },
    60_000 + batches.numRuns * 500,
  );
});

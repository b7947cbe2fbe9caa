import { expect, test } from 'vitest';
import { ed25519Signer } from './crypto.node.ts';
import { sealEnvelope, type Envelope } from './envelope.ts';
import { signerOf } from './key.ts';
import { readStatement } from './statement.ts';

const alice = signerOf(ed25519Signer(new Uint8Array(32).fill(1)));
const bob = signerOf(ed25519Signer(new Uint8Array(32).fill(2)));
const type = 'application/vnd.chancery.vote+json';
const wish = { word: 'yes' };

const read = (envelope: Envelope) =>
  readStatement<typeof wish>(envelope, {
    type,
    what: 'the wish',
    wrongIn: ({ word }) => (word === 'yes' ? undefined : 'word'),
  });

test('gives what was said and who signed it', () => {
  expect(read(sealEnvelope(type, wish, [alice]))).toEqual({
    ok: true,
    value: { said: wish, signer: alice.id },
  });
});

test.each<readonly [string, Envelope, string]>([
  ['two keys', sealEnvelope(type, wish, [alice, bob]), 'the wish bears more than one signature'],
  ['one key twice', sealEnvelope(type, wish, [alice, alice]), 'bears more than one signature'],
  ['another form', sealEnvelope(type, { word: 1 }, [alice]), 'the wish has a malformed "word"'],
  [
    'another type of payload',
    sealEnvelope('application/vnd.chancery.writ+json', wish, [alice]),
    `expected a payload of type ${type}`,
  ],
])('refuses what bears %s', (_what, envelope, message) => {
  const refusal = { code: 'envelope.invalid' };
  expect(read(envelope)).toMatchObject({ ok: false, refusal });
  expect(JSON.stringify(read(envelope))).toContain(JSON.stringify(message).slice(1, -1));
});

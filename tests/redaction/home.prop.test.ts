import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startFakeLlm, type FakeLlm, type FakeReply } from '@chancery/testkit/fake-llm';
import { cases } from '@chancery/testkit/properties';
import { Stand, type Left } from '../../apps/cli/src/cli-fixture.ts';
import { redactor } from '@chancery/runtime/redaction';
import {
  everythingIn,
  foundIn,
  knownSecrets,
  lookingSecrets,
  type PlantedSecret,
} from './planted.ts';

let stand: Stand | undefined;
let fake: FakeLlm | undefined;

async function dropAll(): Promise<void> {
  await fake?.close();
  stand?.remove();
  [fake, stand] = [undefined, undefined];
}

const running = (id: string, command: string) => ({
  ...{ id, name: 'shell_run' },
  args: JSON.stringify({ command }),
});

/** A model that says the texts, and has a command show them: whole, and in two pieces. */
function replies(texts: readonly string[], pieceChars: number): readonly FakeReply[] {
  const said = texts.join(' and ');
  const halves = 'for f in "$OUTSIDE"/*; do head -c 9 "$f"; sleep 0.05; tail -c +10 "$f"; done';
  return [
    {
      ...{ kind: 'answer', text: `I know ${said}`, pieceChars },
      calls: [
        running('c1', 'cat "$OUTSIDE"/*'.replaceAll('"$OUTSIDE"', outside())),
        running('c2', `(${halves}) >&2; exit 3`.replaceAll('"$OUTSIDE"', outside())),
        running('c3', `echo ${said}`),
      ],
    },
    { kind: 'answer', text: `Done with ${said}`, pieceChars },
  ];
}

const outside = (): string => join(stand?.folder ?? '', 'outside');

const { redactText } = redactor({ secrets: [] });

/**
 * A command that shows one file after the other shows a text directly behind another one. What is
 * not known there, a few short beginnings of tokens, has the end of a line before it.
 */
function inFiles(texts: readonly string[]): readonly string[] {
  return texts.map((text, at) => {
    const next = texts[at + 1] ?? '';
    const isKnown = redactText(text + next).value.endsWith(redactText(next).value);
    return isKnown ? text : `${text}\n`;
  });
}

interface Went {
  /** All that was shown, and that a model was asked. */
  readonly told: string;
  /** How many requests the model had. */
  readonly asked: number;
  readonly exits: readonly (number | null)[];
}

/** Takes the texts every way through the commands, with the one value in the vault. */
async function through(value: string, texts: readonly string[], pieceChars: number): Promise<Went> {
  const on = new Stand();
  stand = on;
  on.makeRepo();
  await on.init();
  mkdirSync(outside());
  for (const [at, text] of inFiles(texts).entries()) writeFileSync(join(outside(), `${at}`), text);
  fake = await startFakeLlm({ replies: replies(texts, pieceChars) });
  const said = texts.join(' or ');
  const shows = async (): Promise<Left> => {
    const [run] = (await on.json(['runs'])).lines;
    return on.run(['show', String(run?.['run']), '--json']);
  };
  const left = [
    await on.run(['vault', 'init']),
    await on.run(['vault', 'set', 'own'], {}, value),
    await on.run([
      ...['run', `Use ${said}`, '--repo', on.repo, '--share', outside()],
      ...['--model', 'openai-compatible:some', '--base-url', fake.url, '--price', '1000,1000'],
    ]),
    await on.run(['runs', '--json']),
    await shows(),
    await on.run(['halt', '--reason', `because of ${said}`]),
    await on.run(['export', '--to', join(on.home, 'all.chancery')]),
    await on.run(['verify']),
  ];
  const shown = left.map(({ stdout, stderr }) => stdout + stderr).join('\n');
  const asked = fake.requests.map(({ body }) => JSON.stringify(body));
  return {
    told: [shown, ...asked].join('\n'),
    asked: asked.length,
    exits: left.map(({ exit }) => exit),
  };
}

const planted: fc.Arbitrary<readonly [PlantedSecret & { known: string }, PlantedSecret]> = fc.tuple(
  knownSecrets.map(({ known = '', ...rest }) => ({ ...rest, known })),
  lookingSecrets,
);

it('no byte of the home, of what is shown or of what a model is asked tells a secret', async () => {
  await fc.assert(
    fc.asyncProperty(planted, fc.integer({ min: 1, max: 30 }), async ([own, other], pieceChars) => {
      try {
        const { told, asked, exits } = await through(own.known, [own.text, other.text], pieceChars);
        expect({ exits, asked }).toEqual({ exits: [0, 0, 0, 0, 0, 0, 0, 0], asked: 2 });
        const bytes = Buffer.concat([everythingIn(stand?.home ?? ''), Buffer.from(told)]);
        expect(foundIn(bytes, own)).toEqual([]);
        expect(foundIn(bytes, other)).toEqual([]);
      } finally {
        await dropAll();
      }
    }),
    { ...cases(2), endOnFailure: true },
  );
});

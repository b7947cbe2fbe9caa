import {
  declareManifestOn,
  forging,
  ledgerFixture,
  policyFor,
  RunStory,
  someDigest,
  someManifest,
  told,
  writeRun,
  type FixtureOptions,
} from '@chancery/testkit/builders';
import { describe, expect, test } from 'vitest';
import { actionDigest } from '../compiler/index.ts';
import { contractDigest } from '../contract/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../encoding/index.ts';
import {
  contractsWithoutCompensable,
  contractsWithoutFacts,
  contractsWithoutLabels,
  type Body,
  type Content,
} from '../ledger/index.ts';
import { contractOf } from '../manifest/index.ts';
import { assert } from '../refusal/index.ts';
import type { Predicate } from '../writ/index.ts';

const misstated = ['question.misstated at proposal.staged'];

function objectIn(value: Json | undefined): JsonObject {
  assert(isJsonObject(value), 'it is an object');
  return value;
}

function inlineOf(content: Content | undefined): JsonObject {
  assert(content !== undefined && 'inline' in content, 'it is recorded in its entry');
  return objectIn(content.inline);
}

/** What is told of a run of one action whose recorded question somebody changed. */
function changed(
  change: (question: JsonObject) => Json,
  terms: FixtureOptions['terms'] = {},
): readonly string[] {
  const edit = forging('proposal.staged', (body) => {
    return { ...body, question: { inline: change(inlineOf(body.question)) } };
  });
  return oneAction({ edit, terms });
}

function withContext(
  members: (context: JsonObject) => JsonObject,
  terms: FixtureOptions['terms'] = {},
): readonly string[] {
  return changed((question) => {
    const context = objectIn(question['context']);
    return { ...question, context: { ...context, ...members(context) } };
  }, terms);
}

/** What is told of an action that says these of a command, as the question about it does. */
function withFacts(
  members: JsonObject,
  terms: NonNullable<FixtureOptions['terms']>,
): readonly string[] {
  const edit = forging('proposal.staged', (body) => {
    const question = inlineOf(body.question);
    const context = { ...objectIn(question['context']), ...members };
    const asked = { question: { inline: { ...question, context } } };
    return { ...body, ...asked, ...saying(body, members) };
  });
  // What comes after it names the action that it was.
  return oneAction({ edit, terms }).filter((line) => line.endsWith(' at proposal.staged'));
}

/** The action with other facts, under its own digest. */
function saying(
  { action }: Body<'proposal.staged'>,
  members: JsonObject,
): Pick<Body<'proposal.staged'>, 'action' | 'actionDigest'> {
  const resolved = { ...inlineOf(action.resolved), ...members };
  const whole = { ...action, normalisedArgs: inlineOf(action.normalisedArgs), resolved };
  return {
    action: { ...action, resolved: { inline: resolved } },
    actionDigest: actionDigest(whole),
  };
}

function oneAction(options: FixtureOptions, contractDigest?: string): readonly string[] {
  const fixture = ledgerFixture(options);
  const story = new RunStory(fixture);
  story.start(contractDigest === undefined ? {} : { contractDigest });
  story.act();
  return told(fixture);
}

describe('what policy was asked', () => {
  test('is what the entries before it give, in a run with refusals and holds', () => {
    const fixture = ledgerFixture();
    writeRun(fixture);
    expect(told(fixture)).toEqual([]);
  });

  test.each<readonly [string, (context: JsonObject) => JsonObject]>([
    ['commits', ({ facts }) => ({ facts: { ...objectIn(facts), commits: 9 } })],
    ['a secret', ({ facts }) => ({ facts: { ...objectIn(facts), readSecret: true } })],
    ['an egress', ({ facts }) => ({ facts: { ...objectIn(facts), egressAfterUntrusted: 1 } })],
    ['a fact of its own', ({ facts }) => ({ facts: { ...objectIn(facts), isRoot: true } })],
    ['labels', () => ({ labels: ['secret:found'] })],
    ['a repository', () => ({ repository: '/another' })],
    ['a depth', () => ({ depth: 0 })],
    ['a time', () => ({ timeMs: 1 })],
    ['effects', () => ({ effects: ['read'] })],
    ['a budget', ({ left }) => ({ left: { ...objectIn(left), calls: 10_000 } })],
    ['no budget', () => ({ left: null })],
    ['another path', () => ({ path: 'src/other.ts', paths: ['src/other.ts'] })],
    ['a path of many', ({ paths }) => ({ paths: [...(paths as string[]), 'src/other.ts'] })],
    ['no path', () => ({ paths: null })],
    ['a path that is no text', () => ({ paths: [7] })],
    ['a file that is not protected', () => ({ protectedFile: true })],
    ['other arguments', () => ({ arguments: someDigest('others') })],
    ['no digest of the arguments', () => ({ arguments: null })],
    ['an effect that is not the greatest', () => ({ effect: 'read' })],
    ['a risk that its capability does not have', () => ({ risk: 'high' })],
    ['a level that its risk does not have', () => ({ riskLevel: 2 })],
  ])('is not asked with %s that the run does not have', (_, members) => {
    expect(withContext(members)).toEqual(misstated);
  });

  test('names the repository, once a policy is for one alone', () => {
    const asked = (members: JsonObject): readonly string[] => {
      const edit = forging('proposal.staged', (body) => {
        const question = inlineOf(body.question);
        const context = { ...objectIn(question['context']), ...members };
        return { ...body, question: { inline: { ...question, context } } };
      });
      const fixture = ledgerFixture({ edit });
      const policySetDigest = policyFor(fixture, '/elsewhere');
      const story = new RunStory({ ...fixture, policySet: policySetDigest });
      story.start();
      story.act();
      return told(fixture);
    };
    const without = asked({ repository: null });
    expect([without, asked({ repository: '/elsewhere' }), asked({})]).toEqual([
      ...[misstated, misstated, []],
    ]);
  });

  test.each<readonly [string, JsonObject]>([
    ['programs', { programs: ['ls'] }],
    ['what they do', { does: ['read'] }],
    ['what they read', { reads: ['src'] }],
    ['what they write', { writes: ['src'] }],
    ['a line', { command: 'ls' }],
    ['hosts', { hosts: [] }],
    ['that nothing confines it', { unsandboxed: true }],
  ])('is not told %s of which the action says nothing, but in a run of before', (_, members) => {
    const asked = (contract?: string) => {
      const edit = forging('proposal.staged', (body) => {
        const question = inlineOf(body.question);
        const context = { ...objectIn(question['context']), ...members };
        return { ...body, question: { inline: { ...question, context } } };
      });
      return oneAction({ edit }, contract);
    };
    expect(asked()).toEqual(misstated);
    for (const contract of contractsWithoutFacts.slice(-2)) {
      expect(asked(contract)).toEqual(['contract.drift at run.started']);
    }
  });

  test('has the programs by which a condition of the writ is judged again', () => {
    const where: readonly Predicate[] = [
      { arg: 'path', op: 'under', value: 'src' },
      { op: 'programs-in', values: ['npm'] },
    ];
    const grants = [{ capability: 'fs.write', where }];
    const asked = (...programs: Json[]) => withFacts({ programs }, { grants });
    const exceeded = ['writ.exceeded at proposal.staged'];
    expect([asked('npm', 'npm test'), asked('npm', 'git'), asked(), asked('npm', 1)]).toEqual([
      ...[[], exceeded, exceeded, exceeded],
    ]);
  });

  test('has the hosts by which a condition of the writ is judged again', () => {
    const where: readonly Predicate[] = [
      { arg: 'path', op: 'under', value: 'src' },
      { op: 'hosts-in', values: ['*.example.org:443'] },
    ];
    const grants = [{ capability: 'fs.write', where }];
    const asked = (hosts: Json) => withFacts({ hosts }, { grants });
    const untold = withContext(() => ({}), { grants });
    const exceeded = ['writ.exceeded at proposal.staged'];
    expect([asked([]), asked(['a.example.org:443']), asked(['evil.net:443']), untold]).toEqual([
      ...[[], [], exceeded, exceeded],
    ]);
  });

  test('has no label less by an action that no human was asked about', () => {
    const unlabelled = forging('commit', (body) => ({ ...body, unlabelled: 'secret:found' }));
    expect(oneAction({ edit: unlabelled })).toEqual(['question.misstated at commit']);
  });

  test('is not asked about a manifest that is not the one of the contract', () => {
    const told = changed((question) => {
      const manifest = 'aa'.repeat(32);
      return { ...question, capability: { ...objectIn(question['capability']), manifest } };
    });
    expect(told).toEqual(misstated);
  });

  test('is not asked about another capability', () => {
    const other = changed((question) => ({
      ...question,
      capability: { ...objectIn(question['capability']), name: 'fs.read' },
    }));
    expect(other).toEqual(misstated);
  });

  test.each([
    ['kind of intent', (question: JsonObject) => ({ ...question, action: 'query' })],
    ['hold', (question: JsonObject) => ({ ...question, holds: ['risk'] })],
    [
      'hold for what can be undone',
      (question: JsonObject) => ({ ...question, holds: ['irreversible'] }),
    ],
    [
      'effect of the capability',
      ({ capability, ...rest }: JsonObject) => ({
        ...rest,
        capability: { ...objectIn(capability), effect: 'read' },
      }),
    ],
  ])('is not asked with another %s', (_, change) => {
    expect(changed(change)).toEqual(misstated);
  });

  test('is told the same of a capability as long as its contract is the same', () => {
    let actions = 0;
    const edit = forging('proposal.staged', (body) => {
      actions += 1;
      const question = inlineOf(body.question);
      const capability = { ...objectIn(question['capability']), version: `${actions}` };
      return { ...body, question: { inline: { ...question, capability } } };
    });
    const fixture = ledgerFixture({ edit });
    const story = new RunStory(fixture);
    story.start();
    story.act();
    expect(told(fixture)).toEqual([]);
    story.act();
    expect(told(fixture)).toEqual(misstated);
  });

  test('is told of a contract everywhere the same whether its effects can be undone', () => {
    let actions = 0;
    const edit = forging('proposal.staged', (body) => {
      actions += 1;
      const question = inlineOf(body.question);
      return { ...body, question: { inline: { ...question, compensable: actions === 1 } } };
    });
    const fixture = ledgerFixture({ edit });
    const story = new RunStory(fixture);
    story.start();
    story.act();
    expect(told(fixture)).toEqual([]);
    story.act();
    expect(told(fixture)).toEqual(['decision.misstated at proposal.staged']);
  });

  test.each([true, false])('is told what a manifest says of it: %s', (compensable) => {
    const manifest = someManifest();
    const contract = contractOf(manifest);
    expect(contract.compensable).toBe(false);
    const started = forging('run.started', (body) => ({
      ...body,
      capabilities: [{ name: 'fs.write', contract: contractDigest(contract) }],
    }));
    const asked = forging('proposal.staged', (body) => {
      const question = inlineOf(body.question);
      const capability = { ...objectIn(question['capability']), manifest: contract.manifest ?? '' };
      return { ...body, question: { inline: { ...question, capability, compensable } } };
    });
    const fixture = ledgerFixture({ edit: (drafts) => started(asked(drafts)) });
    declareManifestOn(fixture, manifest);
    const story = new RunStory(fixture);
    story.start();
    story.act();
    // Of what else does not go together, the pins are told.
    const wrong = compensable ? ['decision.misstated at proposal.staged'] : [];
    expect(told(fixture).filter((line) => !line.startsWith('action.mismatch'))).toEqual(wrong);
  });

  test('tells it, but for a run of before it was told', () => {
    const without = forging('proposal.staged', (body) => {
      const told = Object.entries(inlineOf(body.question));
      const question = Object.fromEntries(told.filter(([member]) => member !== 'compensable'));
      return { ...body, question: { inline: question } };
    });
    expect(oneAction({ edit: without })).toEqual(['decision.misstated at proposal.staged']);
    for (const contract of contractsWithoutCompensable.slice(5)) {
      expect(oneAction({ edit: without }, contract)).toEqual(['contract.drift at run.started']);
    }
    expect(changed((question) => ({ ...question, compensable: 'yes' }))).toEqual(misstated);
  });

  test.each([
    ['line', 'command', 'ls'],
    ['path', 'path', 'src/other.ts'],
    ['paths', 'paths', []],
    ['programs', 'programs', ['ls']],
    ['does', 'does', ['read']],
    ['reads', 'reads', ['src']],
    ['writes', 'writes', ['src']],
    ['hosts', 'hosts', ['example.org:443']],
    ['unsandboxed', 'unsandboxed', true],
  ] as const)('is told the fact %s of the action', (name, _, value) => {
    const wrong = oneAction({
      edit: forging('proposal.staged', (body) => ({ ...body, ...saying(body, { [name]: value }) })),
    });
    expect(wrong).toContain('question.misstated at proposal.staged');
  });

  test('has a form', () => {
    expect(changed(() => 'may I?')).toEqual(misstated);
  });

  test('is not left out', () => {
    const edit = forging('proposal.staged', ({ question: _, ...body }) => body);
    expect(oneAction({ edit })).toEqual(misstated);
  });

  test('knows the labels of what was shown before', () => {
    const labelling = (labels: readonly string[]) =>
      forging('commit', (body) => ({ ...body, labels }));
    const seen = (edit: NonNullable<FixtureOptions['edit']>) => {
      const fixture = ledgerFixture({ edit });
      const story = new RunStory(fixture);
      story.start();
      story.act();
      story.act();
      return told(fixture);
    };
    expect(seen(labelling(['secret:found', 'untrusted:fs.read']))).toEqual([]);
  });

  test.each(contractsWithoutLabels)('is not compared in a run of the contract %s', (contract) => {
    const edit = forging('proposal.staged', ({ question: _, ...body }) => body);
    expect(oneAction({ edit }, contract)).toEqual(['contract.drift at run.started']);
  });
});

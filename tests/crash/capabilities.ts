import { fsyncSync, mkdirSync, openSync, readFileSync, closeSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Json, JsonObject } from '@chancery/kernel/encoding';
import { done } from '@chancery/kernel/refusal';
import type { Capability, ExecutionContext } from '@chancery/runtime/broker';
import { capabilityOf, observed } from '@chancery/testkit/house';
import type { Reaper } from './reaper.ts';

/** Reckons without looking at anything: `{of}`. */
export function reckon(reaper: Reaper): Capability {
  return capabilityOf({
    name: 'reckon',
    effect: 'pure',
    execute: ({ of }) => {
      reaper.pass('effect begun');
      return Promise.resolve(observed({ twice: Number(of) * 2 }));
    },
  });
}

/** Looks at a file of the worktree: `{path}`. */
export function fileRead(reaper: Reaper): Capability {
  return capabilityOf({
    name: 'file.read',
    effect: 'read',
    execute: ({ path }, { root }) => {
      reaper.pass('effect begun');
      const text = readFileSync(join(root, textOf(path)), 'utf8');
      return Promise.resolve(observed({ text }));
    },
  });
}

/** Writes a file of the worktree in two halves, so that it can be killed between them: `{path, text}`. */
export function fileWrite(reaper: Reaper): Capability {
  const capability = capabilityOf({
    name: 'file.write',
    effect: 'write',
    execute: (args, context) => Promise.resolve(write(args, context, reaper)),
  });
  return {
    ...capability,
    normalise: async (args, surroundings) => {
      const normalised = await capability.normalise(args, surroundings);
      if (!normalised.ok) return normalised;
      return done({ ...normalised.value, paths: [textOf(args['path'])] });
    },
  };
}

/** A command that names what it writes, and writes nothing that is protected and not lifted: `{path, text}`. */
export function commandWrite(reaper: Reaper): Capability {
  const capability = capabilityOf({
    name: 'command.write',
    effect: 'write',
    execute: (args, context) => {
      const isLifted = context.lifted?.includes(textOf(args['path'])) === true;
      const execution = isLifted ? write(args, context, reaper) : observed({ written: 0 });
      return Promise.resolve({ ...execution, changed: undefined });
    },
  });
  return {
    ...capability,
    normalise: async (args, surroundings) => {
      const normalised = await capability.normalise(args, surroundings);
      if (!normalised.ok) return normalised;
      const paths = [textOf(args['path'])];
      const command = { line: 'x', programs: ['x'] };
      return done({ ...normalised.value, paths, command, resolved: { ...command, paths } });
    },
  };
}

function write({ path, text }: JsonObject, { root }: ExecutionContext, reaper: Reaper) {
  const place = join(root, textOf(path));
  const whole = textOf(text);
  reaper.pass('effect begun');
  mkdirSync(dirname(place), { recursive: true });
  const file = openSync(place, 'w');
  writeSync(file, whole.slice(0, whole.length / 2));
  reaper.pass('effect half');
  writeSync(file, whole.slice(whole.length / 2));
  closeSync(file);
  reaper.pass('effect done');
  return { ...observed({ written: whole.length }), changed: [textOf(path)] };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

export interface Counter {
  readonly name: string;
  readonly effect?: 'external' | 'irreversible';
  /** File outside every workspace that an effect appends the digest of its action to. */
  readonly file: string;
  /** Whether it can tell afterwards what happened. */
  readonly reconcilable: boolean;
  /** The capability that takes it back, by `{of}`: what it observed. */
  readonly undoneBy: string | undefined;
}

/** Appends a line to a file outside: an effect that leaves the machine. */
export function counter(
  { name, effect = 'external', file, reconcilable, undoneBy }: Counter,
  reaper: Reaper,
): Capability {
  const capability = capabilityOf({
    name,
    effect,
    execute: (_args, { actionDigest }) => {
      reaper.pass('effect begun');
      const descriptor = openSync(file, 'a');
      writeSync(descriptor, `${actionDigest}\n`);
      fsyncSync(descriptor);
      closeSync(descriptor);
      reaper.pass('effect done');
      return Promise.resolve(observed({ counted: actionDigest }));
    },
    ...(reconcilable ? { reconcile: (_action, context) => find(file, context) } : {}),
  });
  if (undoneBy === undefined) return capability;
  const compensation = (_args: JsonObject, { counted }: JsonObject) => {
    return { capability: undoneBy, args: { of: counted ?? null } };
  };
  return { ...capability, compensation };
}

function find(
  file: string,
  { actionDigest }: ExecutionContext,
): ReturnType<NonNullable<Capability['reconcile']>> {
  const evidence = 'looked for its line';
  const happened = linesOf(file).includes(actionDigest);
  return Promise.resolve(
    happened
      ? { kind: 'happened', evidence, observation: { counted: actionDigest } }
      : { kind: 'did-not-happen', evidence },
  );
}

/** The whole lines of a file; none when there is no file. */
export function linesOf(file: string): readonly string[] {
  closeSync(openSync(file, 'a'));
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

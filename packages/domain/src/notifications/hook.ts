import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { Destination, Hook } from './model.ts';
import { isNotified } from './notification.ts';

const nameForm = /^[a-z0-9]{1,63}$/;

/** Reads `{name, on, channels, to}`, all of it required. Refuses `hook.invalid`, naming what is wrong. */
export function readHook(value: Json): Result<Hook> {
  if (!isJsonObject(value) || !hasOnly(value, ['name', 'on', 'channels', 'to'])) {
    return invalid('a hook has other members than "name", "on", "channels" and "to"');
  }
  const { name, on, channels, to } = value;
  if (typeof name !== 'string' || !nameForm.test(name)) {
    return invalid(`a hook cannot be called ${JSON.stringify(name)}`);
  }
  if (!isTexts(on) || on.length === 0) return invalid(`hook ${name} says of nothing what it is on`);
  const kinds = on.filter(isNotified);
  const unknown = on.find((kind) => !isNotified(kind));
  if (unknown !== undefined)
    return invalid(`hook ${name} is on "${unknown}", which nobody is told`);
  if (!isTexts(channels)) return invalid(`the channels of hook ${name} are no list of names`);
  const destination = readDestination(name, to);
  if (!destination.ok) return destination;
  return done({ name, on: kinds, channels, to: destination.value });
}

function readDestination(name: string, value: Json | undefined): Result<Destination> {
  if (!isJsonObject(value)) return invalid(`hook ${name} goes nowhere`);
  if (value['type'] === 'command' && hasOnly(value, ['type', 'argv'])) {
    const { argv } = value;
    if (isTexts(argv) && argv.length > 0 && argv[0] !== '') return done({ type: 'command', argv });
    return invalid(`the command of hook ${name} is no list of words`);
  }
  if (value['type'] === 'webhook' && hasOnly(value, ['type', 'url'])) {
    const { url } = value;
    if (typeof url === 'string') return done({ type: 'webhook', url });
  }
  return invalid(`hook ${name} goes neither to a command nor to a webhook`);
}

function hasOnly(value: JsonObject, members: readonly string[]): boolean {
  const names = Object.keys(value);
  return names.length === members.length && members.every((member) => names.includes(member));
}

function isTexts(value: Json | undefined): value is string[] {
  return (
    Array.isArray(value) && value.every((each) => typeof each === 'string' && !each.includes('\0'))
  );
}

function invalid(message: string): Result<never> {
  return refused('hook.invalid', message);
}

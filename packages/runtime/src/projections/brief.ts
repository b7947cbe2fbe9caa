import { isJsonObject, recordText, type Json, type JsonObject } from '@chancery/kernel/encoding';

/** Arguments that say the most, the first that is there is shown. */
const telling = ['command', 'path', 'pattern', 'name', 'query'];

/** What an action is about, on one line: its command, path or pattern, or all arguments. */
export function briefArgs(args: Json): string {
  if (!isJsonObject(args)) return typeof args === 'string' ? args : recordText(args);
  const { argv } = args;
  if (isTexts(argv)) return argv.map(quotedWord).join(' ');
  for (const name of telling) {
    const value = args[name];
    if (typeof value === 'string') return value;
  }
  return Object.keys(args).length === 0 ? '' : recordText(args);
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item: unknown) => typeof item === 'string');
}

/** A word as a shell would have to be given it. */
function quotedWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** What came of an action, in a few words; empty where there is nothing short to say. */
export function briefObservation(observation: Json): string {
  if (!isJsonObject(observation)) return '';
  const said = [exitOf(observation), limitsOf(observation), countOf(observation)].filter(
    (part) => part !== '',
  );
  return said.join(', ');
}

function exitOf({ exitCode, signal, timedOut }: JsonObject): string {
  if (timedOut === true) return 'timed out';
  if (typeof signal === 'string') return `ended by ${signal}`;
  return typeof exitCode === 'number' ? `exit ${exitCode}` : '';
}

/** Of a command: what it ran into, by the words for it. */
const limits: Readonly<Record<string, string>> = {
  memoryBytes: 'out of memory',
  processes: 'out of processes',
  fileBytes: 'a file too large',
  freeBytes: 'the disk nearly full',
};

function limitsOf({ reached }: JsonObject): string {
  return Array.isArray(reached)
    ? reached.flatMap((limit) => limits[String(limit)] ?? []).join(', ')
    : '';
}

/** Members of an observation that count something, with the word for it. */
const counted: Readonly<Record<string, string>> = {
  entries: 'entries',
  matches: 'matches',
  files: 'files',
};

function countOf(observation: JsonObject): string {
  for (const [name, word] of Object.entries(counted)) {
    const value = observation[name];
    if (Array.isArray(value)) return `${value.length} ${word}`;
  }
  return '';
}

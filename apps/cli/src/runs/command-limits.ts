import { done, refused, type Result } from '@chancery/kernel/refusal';
import type { HeldLimit, SandboxLimit, SandboxLimits } from '@chancery/runtime/broker';
import { readCount } from '../quantities.ts';

export interface LimitFlags {
  readonly memory?: string;
  readonly processes?: string;
  readonly cpus?: string;
}

const kibibyte = 1_024;
const unitsBytes = { m: kibibyte ** 2, g: kibibyte ** 3 } as const;

/** Below it not even a shell begins. */
const leastMemoryBytes = 16 * unitsBytes.m;

/** What flags say of the limits of commands; the rest is as usual. Refuses `usage.invalid`. */
export function readLimits(flags: LimitFlags): Result<Partial<SandboxLimits>> {
  const memory = optional(flags.memory, readMemory);
  if (!memory.ok) return memory;
  const processes = optional(flags.processes, (text) => readCount('--processes', text));
  if (!processes.ok) return processes;
  const cpus = optional(flags.cpus, readCpus);
  if (!cpus.ok) return cpus;
  return done({
    ...(memory.value === undefined ? {} : { memoryBytes: memory.value }),
    ...(processes.value === undefined ? {} : { processes: processes.value }),
    ...(cpus.value === undefined ? {} : { cpuPercent: cpus.value }),
  });
}

const optional = (
  text: string | undefined,
  read: (text: string) => Result<number>,
): Result<number | undefined> => (text === undefined ? done(undefined) : read(text));

function readMemory(text: string): Result<number> {
  const [, digits, unit] = /^(\d{1,6})(m|g)$/i.exec(text) ?? [];
  const factor = unitsBytes[(unit ?? '').toLowerCase() as keyof typeof unitsBytes];
  const bytes = digits === undefined ? 0 : Number(digits) * factor;
  return bytes >= leastMemoryBytes
    ? done(bytes)
    : refused('usage.invalid', `--memory ${JSON.stringify(text)} is no amount such as 512m, 4g`, {
        remedy: 'Give at least 16m.',
      });
}

function readCpus(text: string): Result<number> {
  const [, whole = '', fraction = ''] = /^(\d{1,4})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  const percent = whole === '' ? 0 : Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
  return percent > 0
    ? done(percent)
    : refused('usage.invalid', `--cpus ${JSON.stringify(text)} is no number such as 0.5, 2`);
}

/** What each limit is called, and how its amount is written. */
const words: Readonly<
  Record<SandboxLimit, readonly [name: string, write: (most: number) => string]>
> = {
  memoryBytes: ['memory', sizeText],
  processes: ['processes', String],
  cpuPercent: ['processors', (percent) => String(percent / 100)],
  fileBytes: ['one file', sizeText],
  scratchBytes: ['temporary files', sizeText],
  freeBytes: ['left free on the disk', sizeText],
};

const isLimit = (name: string): name is SandboxLimit => name in words;

/** Such as `memory 8 GiB (cgroup-v1)`, for those that something holds. */
export const limitsText = (limits: readonly HeldLimit[] = []): string =>
  limits
    .filter(({ by }) => by !== 'nothing')
    .map(limitText)
    .join(', ');

function limitText({ limit, most, by }: HeldLimit): string {
  const [name, write] = words[limit];
  return `${name} ${write(most)} (${by})`;
}

function sizeText(bytes: number): string {
  const gibibytes = Math.floor((bytes * 10) / unitsBytes.g) / 10;
  return gibibytes >= 1 ? `${gibibytes} GiB` : `${Math.floor(bytes / unitsBytes.m)} MiB`;
}

/** The limits that a run was started with, as it recorded them. */
export const recordedLimits = (
  recorded: readonly { readonly limit: string; readonly most: number }[] = [],
): Partial<SandboxLimits> =>
  Object.fromEntries(
    recorded.flatMap(({ limit, most }) => (isLimit(limit) ? [[limit, most] as const] : [])),
  );

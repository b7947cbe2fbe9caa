import { describe, expect, it } from 'vitest';
import { closedNames, numberOf } from './escape/calls-fixture.ts';
import { systemCallFilter } from './filter.ts';

interface SystemCall {
  readonly architecture: number;
  readonly number: number;
  readonly args?: readonly number[];
}

const allow = 0x7fff0000;
const errno = (number: number): number => 0x00050000 | number;

/** Runs a filter as the kernel does: the few instructions of classic BPF that it may use. */
function answerOf(filter: Uint8Array, call: SystemCall): number {
  const view = new DataView(filter.buffer);
  const [first = 0, second = 0, third = 0] = call.args ?? [];
  const data = new Map([
    [0, call.number],
    [4, call.architecture],
    [16, first],
    [24, second],
    [32, third],
  ]);
  let word: number | undefined;
  for (let at = 0; at < filter.length; at += 8) {
    const operand = view.getUint32(at + 4, true);
    const jump = (holds: boolean): number => view.getUint8(at + (holds ? 2 : 3)) * 8;
    const code = view.getUint16(at, true);
    if (code === 0x20) word = data.get(operand);
    else if (code === 0x15) at += jump(word === operand);
    else if (code === 0x35) at += jump(word !== undefined && word >= operand);
    else if (code === 0x45) at += jump(((word ?? 0) & operand) !== 0);
    else if (code === 0x06) return operand;
    else throw new Error(`instruction ${code}`);
  }
  throw new Error('the program has no end');
}

const x64 = 0xc000003e;
const arm64 = 0xc00000b7;

const calls: readonly (readonly [string, string, SystemCall, number])[] = [
  ['lets read', 'x64', { architecture: x64, number: 0 }, allow],
  ['lets execve', 'x64', { architecture: x64, number: 59 }, allow],
  ['refuses mount', 'x64', { architecture: x64, number: 165 }, errno(1)],
  ['refuses keyctl', 'x64', { architecture: x64, number: 250 }, errno(1)],
  ['refuses io_uring_setup', 'x64', { architecture: x64, number: 425 }, errno(1)],
  ['refuses a call of 32 bits', 'x64', { architecture: 0x40000003, number: 0 }, errno(38)],
  ['refuses a call of x32', 'x64', { architecture: x64, number: 0x40000000 }, errno(38)],
  ['lets a local socket', 'x64', { architecture: x64, number: 41, args: [1] }, allow],
  ['lets an IPv4 socket', 'x64', { architecture: x64, number: 41, args: [2] }, allow],
  ['refuses a vsock', 'x64', { architecture: x64, number: 41, args: [40] }, errno(97)],
  ['refuses a packet socket', 'x64', { architecture: x64, number: 41, args: [17] }, errno(97)],
  ['lets a window size', 'x64', { architecture: x64, number: 16, args: [0, 0x5413] }, allow],
  ['refuses typing', 'x64', { architecture: x64, number: 16, args: [0, 0x5412] }, errno(1)],
  [
    'lets netlink to ask of routes',
    'x64',
    { architecture: x64, number: 41, args: [16, 3, 0] },
    allow,
  ],
  ['refuses netfilter', 'x64', { architecture: x64, number: 41, args: [16, 3, 12] }, errno(93)],
  ['lets a fork', 'x64', { architecture: x64, number: 56, args: [0x1200011] }, allow],
  ['lets a thread', 'x64', { architecture: x64, number: 56, args: [0x3d0f00] }, allow],
  ['refuses new users', 'x64', { architecture: x64, number: 56, args: [0x10000011] }, errno(1)],
  ['refuses new mounts', 'x64', { architecture: x64, number: 56, args: [0x20011] }, errno(1)],
  ['refuses a new network', 'x64', { architecture: x64, number: 56, args: [0x40000011] }, errno(1)],
  ['hides clone3', 'x64', { architecture: x64, number: 435 }, errno(38)],
  ['lets ask of personality', 'x64', { architecture: x64, number: 135, args: [0xffffffff] }, allow],
  ['refuses another one', 'x64', { architecture: x64, number: 135, args: [0x400000] }, errno(1)],
  ['refuses ptrace', 'x64', { architecture: x64, number: 101 }, errno(1)],
  ['refuses ptrace', 'arm64', { architecture: arm64, number: 117 }, errno(1)],
  [
    'refuses new users',
    'arm64',
    { architecture: arm64, number: 220, args: [0x10000011] },
    errno(1),
  ],
  ['lets read', 'arm64', { architecture: arm64, number: 63 }, allow],
  ['refuses mount', 'arm64', { architecture: arm64, number: 40 }, errno(1)],
  ['refuses a vsock', 'arm64', { architecture: arm64, number: 198, args: [40] }, errno(97)],
  ['refuses typing', 'arm64', { architecture: arm64, number: 29, args: [0, 0x5412] }, errno(1)],
];

describe('systemCallFilter', () => {
  it.each(calls)('%s on %s', (_, arch, call, answer) => {
    const filter = systemCallFilter(arch);
    expect(filter && answerOf(filter, call)).toBe(answer);
  });

  it.each([
    ['x64', x64],
    ['arm64', arm64],
  ])('refuses the closed calls of %s and no other', (arch, architecture) => {
    const filter = systemCallFilter(arch) as Uint8Array;
    const refused = Array.from({ length: 1_024 }, (_, number) => number).filter(
      (number) => answerOf(filter, { architecture, number }) === errno(1),
    );
    const closed = closedNames.flatMap((name) => numberOf(name, arch) ?? []);
    expect(refused).toEqual(closed.sort((one, other) => one - other));
  });

  it('is undefined for an architecture whose numbers are not known', () => {
    expect(systemCallFilter('riscv64')).toBeUndefined();
  });
});

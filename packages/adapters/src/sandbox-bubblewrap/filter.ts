/** Instructions of classic BPF that a filter needs (linux/bpf_common.h). */
const load = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAtLeast = 0x35;
const answer = 0x06;

const allow = 0x7fff0000;
const fail = (errno: number): number => 0x00050000 | errno;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/** Offsets in `struct seccomp_data`; the low halves of the arguments on a little-endian machine. */
const at = { number: 0, architecture: 4, firstArgument: 16, secondArgument: 24 };

/** Terminal requests that type into somebody's terminal: TIOCSTI, TIOCLINUX. */
const typingRequests = [0x5412, 0x541c];

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. Others (vsock above all) know no network namespace. */
const socketFamilies = [1, 2, 10, 16];

interface Architecture {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number;
  /** First number of a second table of the same architecture (x32), which is closed. */
  readonly end: number;
  readonly socket: number;
  readonly ioctl: number;
  readonly forbidden: readonly number[];
}

/** Numbers that every architecture shares (asm-generic, 424 and above). */
const newerForbidden = {
  io_uring_setup: 425,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  mount_setattr: 442,
};

const forbiddenX64 = {
  pivot_root: 155,
  mount: 165,
  umount2: 166,
  init_module: 175,
  delete_module: 176,
  kexec_load: 246,
  add_key: 248,
  request_key: 249,
  keyctl: 250,
  unshare: 272,
  perf_event_open: 298,
  setns: 308,
  finit_module: 313,
  kexec_file_load: 320,
  bpf: 321,
  userfaultfd: 323,
};

const forbiddenArm64 = {
  umount2: 39,
  mount: 40,
  pivot_root: 41,
  unshare: 97,
  kexec_load: 104,
  init_module: 105,
  delete_module: 106,
  add_key: 217,
  request_key: 218,
  keyctl: 219,
  perf_event_open: 241,
  setns: 268,
  finit_module: 273,
  bpf: 280,
  userfaultfd: 282,
  kexec_file_load: 294,
};

const forbiddenOn = (table: Readonly<Record<string, number>>): readonly number[] => [
  ...Object.values(table),
  ...Object.values(newerForbidden),
];

const architectures: Readonly<Partial<Record<string, Architecture>>> = {
  x64: {
    audit: 0xc000003e,
    end: 0x40000000,
    socket: 41,
    ioctl: 16,
    forbidden: forbiddenOn(forbiddenX64),
  },
  arm64: {
    audit: 0xc00000b7,
    end: 0x40000000,
    socket: 198,
    ioctl: 29,
    forbidden: forbiddenOn(forbiddenArm64),
  },
};

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

const step = (code: number, operand: number): Instruction => [code, 0, 0, operand];

/** Ends with `result` when the loaded word equals `operand`; goes on otherwise. */
const endIfEqual = (operand: number, result: number): readonly Instruction[] => [
  [jumpIfEqual, 0, 1, operand],
  step(answer, result),
];

/** For one system call: ends with `listed` when an argument is in the list, else with `other`. */
function endByArgument(
  call: number,
  argument: number,
  rule: { readonly list: readonly number[]; readonly listed: number; readonly other: number },
): readonly Instruction[] {
  const body = [
    step(load, argument),
    ...rule.list.flatMap((value) => endIfEqual(value, rule.listed)),
    step(answer, rule.other),
  ];
  return [[jumpIfEqual, 0, body.length, call], ...body];
}

function programFor(architecture: Architecture): readonly Instruction[] {
  return [
    step(load, at.architecture),
    [jumpIfEqual, 1, 0, architecture.audit],
    step(answer, fail(ENOSYS)),
    step(load, at.number),
    [jumpIfAtLeast, 0, 1, architecture.end],
    step(answer, fail(ENOSYS)),
    ...architecture.forbidden.flatMap((call) => endIfEqual(call, fail(EPERM))),
    ...endByArgument(architecture.socket, at.firstArgument, {
      list: socketFamilies,
      listed: allow,
      other: fail(EAFNOSUPPORT),
    }),
    ...endByArgument(architecture.ioctl, at.secondArgument, {
      list: typingRequests,
      listed: fail(EPERM),
      other: allow,
    }),
    step(answer, allow),
  ];
}

/**
 * The seccomp filter as the kernel takes it (`struct sock_filter[]`). It closes what namespaces
 * leave open: kernel keyrings, io_uring, BPF, mounts, sockets of families that are not confined to
 * a network namespace, and system calls of another architecture.
 * Undefined for an architecture (`process.arch`) whose numbers are not known.
 */
export function systemCallFilter(arch: string): Uint8Array | undefined {
  const architecture = architectures[arch];
  if (architecture === undefined) return undefined;
  const program = programFor(architecture);
  const view = new DataView(new ArrayBuffer(program.length * 8));
  program.forEach(([code, ifTrue, ifFalse, operand], index) => {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, ifTrue);
    view.setUint8(index * 8 + 3, ifFalse);
    view.setUint32(index * 8 + 4, operand, true);
  });
  return new Uint8Array(view.buffer);
}

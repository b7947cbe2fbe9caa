/** Instructions of classic BPF that a filter needs (linux/bpf_common.h). */
const load = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAtLeast = 0x35;
const jumpIfAnyBit = 0x45;
const answer = 0x06;

const allow = 0x7fff0000;
const fail = (errno: number): number => 0x00050000 | errno;
const EPERM = 1;
const ENOSYS = 38;
const EPROTONOSUPPORT = 93;
const EAFNOSUPPORT = 97;

/** Offsets in `struct seccomp_data`; the low halves of the arguments on a little-endian machine. */
const at = { number: 0, architecture: 4, firstArgument: 16, secondArgument: 24, thirdArgument: 32 };

/** Requests that type into somebody's terminal (TIOCSTI, TIOCLINUX) or change its line (TIOCSETD). */
const terminalRequests = [0x5412, 0x541c, 0x5423];

/** AF_UNIX, AF_INET, AF_INET6. Others (vsock above all) know no network namespace. */
const socketFamilies = [1, 2, 10];

/** AF_NETLINK is for NETLINK_ROUTE alone, by which programs ask for addresses. */
const netlink = { family: 16, route: 0 };

/** CLONE_NEW* of linux/sched.h that `clone` takes: cgroup, uts, ipc, user, pid, network, mount. */
const namespaceFlags = 0x7e020000;

/**
 * What a program may ask to be, of linux/personality.h: itself, that of 32 bits, without random
 * addresses (debuggers), and what it is now.
 */
const personalities = [0, 0x8, 0x40000, 0xffffffff];

interface Architecture {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number;
  /** First number of a second table of the same architecture (x32), which is closed. */
  readonly end: number;
  readonly socket: number;
  readonly ioctl: number;
  readonly clone: number;
  readonly personality: number;
}

/** Numbers that every architecture shares (asm-generic, 424 and above). */
const newerForbidden = {
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  pidfd_getfd: 438,
  process_madvise: 440,
  mount_setattr: 442,
  quotactl_fd: 443,
  memfd_secret: 447,
  statmount: 457,
  listmount: 458,
  lsm_set_self_attr: 460,
  open_tree_attr: 467,
};

/** Its flags lie in memory, where no filter sees them: libraries fall back to `clone`. */
const clone3 = 435;

const forbiddenX64 = {
  ptrace: 101,
  syslog: 103,
  uselib: 134,
  vhangup: 153,
  modify_ldt: 154,
  pivot_root: 155,
  adjtimex: 159,
  chroot: 161,
  acct: 163,
  settimeofday: 164,
  mount: 165,
  umount2: 166,
  swapon: 167,
  swapoff: 168,
  reboot: 169,
  sethostname: 170,
  setdomainname: 171,
  iopl: 172,
  ioperm: 173,
  init_module: 175,
  delete_module: 176,
  quotactl: 179,
  lookup_dcookie: 212,
  clock_settime: 227,
  kexec_load: 246,
  add_key: 248,
  request_key: 249,
  keyctl: 250,
  migrate_pages: 256,
  unshare: 272,
  move_pages: 279,
  perf_event_open: 298,
  fanotify_init: 300,
  name_to_handle_at: 303,
  open_by_handle_at: 304,
  clock_adjtime: 305,
  setns: 308,
  process_vm_readv: 310,
  process_vm_writev: 311,
  kcmp: 312,
  finit_module: 313,
  kexec_file_load: 320,
  bpf: 321,
  userfaultfd: 323,
};

const forbiddenArm64 = {
  lookup_dcookie: 18,
  umount2: 39,
  mount: 40,
  pivot_root: 41,
  chroot: 51,
  vhangup: 58,
  quotactl: 60,
  acct: 89,
  unshare: 97,
  kexec_load: 104,
  init_module: 105,
  delete_module: 106,
  clock_settime: 112,
  syslog: 116,
  ptrace: 117,
  reboot: 142,
  sethostname: 161,
  setdomainname: 162,
  settimeofday: 170,
  adjtimex: 171,
  add_key: 217,
  request_key: 218,
  keyctl: 219,
  swapon: 224,
  swapoff: 225,
  migrate_pages: 238,
  move_pages: 239,
  perf_event_open: 241,
  fanotify_init: 262,
  name_to_handle_at: 264,
  open_by_handle_at: 265,
  clock_adjtime: 266,
  setns: 268,
  process_vm_readv: 270,
  process_vm_writev: 271,
  kcmp: 272,
  finit_module: 273,
  bpf: 280,
  userfaultfd: 282,
  kexec_file_load: 294,
};

/** By name; undefined for an architecture whose numbers are not known. */
const forbiddenCalls: Readonly<Partial<Record<string, Readonly<Record<string, number>>>>> = {
  x64: { ...forbiddenX64, ...newerForbidden },
  arm64: { ...forbiddenArm64, ...newerForbidden },
};

const architectures: Readonly<Partial<Record<string, Architecture>>> = {
  x64: {
    audit: 0xc000003e,
    end: 0x40000000,
    ...{ socket: 41, ioctl: 16, clone: 56, personality: 135 },
  },
  arm64: {
    audit: 0xc00000b7,
    end: 0x40000000,
    ...{ socket: 198, ioctl: 29, clone: 220, personality: 92 },
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

/** For one system call: ends with `EPERM` when any of the bits is set in its first argument. */
function endByBits(call: number, bits: number): readonly Instruction[] {
  const body: readonly Instruction[] = [
    step(load, at.firstArgument),
    [jumpIfAnyBit, 0, 1, bits],
    step(answer, fail(EPERM)),
    step(answer, allow),
  ];
  return [[jumpIfEqual, 0, body.length, call], ...body];
}

/** A family that is not listed is unknown, as it is to a kernel that was built without it. */
function endBySocket(call: number): readonly Instruction[] {
  const route: readonly Instruction[] = [
    step(load, at.thirdArgument),
    ...endIfEqual(netlink.route, allow),
    step(answer, fail(EPROTONOSUPPORT)),
  ];
  const body: readonly Instruction[] = [
    step(load, at.firstArgument),
    ...socketFamilies.flatMap((family) => endIfEqual(family, allow)),
    [jumpIfEqual, 0, route.length, netlink.family],
    ...route,
    step(answer, fail(EAFNOSUPPORT)),
  ];
  return [[jumpIfEqual, 0, body.length, call], ...body];
}

function programFor(
  architecture: Architecture,
  forbidden: readonly number[],
): readonly Instruction[] {
  return [
    step(load, at.architecture),
    [jumpIfEqual, 1, 0, architecture.audit],
    step(answer, fail(ENOSYS)),
    step(load, at.number),
    [jumpIfAtLeast, 0, 1, architecture.end],
    step(answer, fail(ENOSYS)),
    ...forbidden.flatMap((call) => endIfEqual(call, fail(EPERM))),
    ...endIfEqual(clone3, fail(ENOSYS)),
    ...endBySocket(architecture.socket),
    ...endByBits(architecture.clone, namespaceFlags),
    ...endByArgument(architecture.ioctl, at.secondArgument, {
      ...{ list: terminalRequests, listed: fail(EPERM), other: allow },
    }),
    ...endByArgument(architecture.personality, at.firstArgument, {
      ...{ list: personalities, listed: allow, other: fail(EPERM) },
    }),
    step(answer, allow),
  ];
}

/**
 * The seccomp filter as the kernel takes it (`struct sock_filter[]`). It closes what namespaces
 * leave open: kernel keyrings, io_uring, BPF, mounts, new namespaces, looking into other processes,
 * sockets of families that are not confined to a network namespace, and system calls of another
 * architecture.
 * Undefined for an architecture (`process.arch`) whose numbers are not known.
 */
export function systemCallFilter(arch: string): Uint8Array | undefined {
  const architecture = architectures[arch];
  const forbidden = forbiddenCalls[arch];
  if (architecture === undefined || forbidden === undefined) return undefined;
  const program = programFor(architecture, Object.values(forbidden));
  const view = new DataView(new ArrayBuffer(program.length * 8));
  program.forEach(([code, ifTrue, ifFalse, operand], index) => {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, ifTrue);
    view.setUint8(index * 8 + 3, ifFalse);
    view.setUint32(index * 8 + 4, operand, true);
  });
  return new Uint8Array(view.buffer);
}

/**
 * Numbers of system calls as the kernel gives them out, on x64 (arch/x86/entry/syscalls/syscall_64.tbl)
 * and on arm64 (scripts/syscall.tbl); null: the architecture has no such call. Written down beside
 * the filter, which is tested by them, and held against the headers of the system where it has them.
 */
type Numbers = readonly [x64: number | null, arm64: number | null];

/** Calls that no command may make, whatever it hands over. */
export const closedCalls = {
  ptrace: [101, 117],
  syslog: [103, 116],
  uselib: [134, null],
  vhangup: [153, 58],
  modify_ldt: [154, null],
  pivot_root: [155, 41],
  adjtimex: [159, 171],
  chroot: [161, 51],
  acct: [163, 89],
  settimeofday: [164, 170],
  mount: [165, 40],
  umount2: [166, 39],
  swapon: [167, 224],
  swapoff: [168, 225],
  reboot: [169, 142],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  iopl: [172, null],
  ioperm: [173, null],
  init_module: [175, 105],
  delete_module: [176, 106],
  quotactl: [179, 60],
  lookup_dcookie: [212, 18],
  clock_settime: [227, 112],
  kexec_load: [246, 104],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  migrate_pages: [256, 238],
  unshare: [272, 97],
  move_pages: [279, 239],
  perf_event_open: [298, 241],
  fanotify_init: [300, 262],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  clock_adjtime: [305, 266],
  setns: [308, 268],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  finit_module: [313, 273],
  kexec_file_load: [320, 294],
  bpf: [321, 280],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  pidfd_getfd: [438, 438],
  process_madvise: [440, 440],
  mount_setattr: [442, 442],
  quotactl_fd: [443, 443],
  memfd_secret: [447, 447],
  statmount: [457, 457],
  listmount: [458, 458],
  lsm_set_self_attr: [460, 460],
  open_tree_attr: [467, 467],
} as const satisfies Readonly<Record<string, Numbers>>;

/** Calls that are let through or not by what they are handed, and one that is hidden. */
export const watchedCalls = {
  socket: [41, 198],
  ioctl: [16, 29],
  clone: [56, 220],
  personality: [135, 92],
  clone3: [435, 435],
} as const satisfies Readonly<Record<string, Numbers>>;

export type CallName = keyof typeof closedCalls | keyof typeof watchedCalls;

const columns: readonly string[] = ['x64', 'arm64'];

/** Null where the architecture has no such call. */
export function numberOf(name: CallName, arch: string = process.arch): number | null {
  const numbers: Readonly<Record<CallName, Numbers>> = { ...closedCalls, ...watchedCalls };
  return numbers[name][columns.indexOf(arch)] ?? null;
}

export const callNames = Object.keys({ ...closedCalls, ...watchedCalls }) as readonly CallName[];
export const closedNames = Object.keys(closedCalls) as readonly (keyof typeof closedCalls)[];

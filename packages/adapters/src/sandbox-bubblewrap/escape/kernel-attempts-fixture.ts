import { isThrough, type Attempt } from './attempt-fixture.ts';
import { absences, call, perl } from './kernel-fixture.ts';

/** A terminal of its own that it types a letter into and reads it from. */
const typing = perl(
  'use POSIX; $SIG{HUP} = "IGNORE"; POSIX::setsid(); open(my $master, "+<", "/dev/ptmx") or exit; ' +
    'my $open = pack("i", 0); ioctl($master, 0x40045431, $open); ' +
    'my $number = pack("i", 0); ioctl($master, 0x80045430, $number); ' +
    'open(my $terminal, "+<", "/dev/pts/" . unpack("i", $number)) or exit; ' +
    'my $letter = "x"; print "through" if ioctl($terminal, 0x5412, $letter)',
);

/** Writes what is there already. */
const rewrite = (path: string): string =>
  `old=$(cat ${path}) && (echo "$old" > ${path}) 2>/dev/null && echo through`;

const rooted = (script: string): Attempt => ({
  ...{ script, reached: isThrough, takesRoot: 'of the machine' },
});
const spaced = (script: string): Attempt => ({
  ...{ script, reached: isThrough, takesRoot: 'of a namespace' },
});
const open = (script: string): Attempt => ({ script, reached: isThrough });

/** Attempts on the machine itself. */
export const kernelAttempts: Readonly<Record<string, Attempt>> = {
  'opens a queue to the kernel (io_uring)': {
    ...open(call('io_uring_setup', '1, $ring', 'my $ring = "\\0" x 120;')),
    absent: absences['io_uring'],
  },
  'takes the handling of its own page faults': open(call('userfaultfd', '1')),
  'hides memory from the kernel': open(call('memfd_secret', '0')),
  'asks for keys that others have': open(call('keyctl', '0, -3, 1')),
  'adds a key': open(
    call('add_key', '$kind, $name, $key, 1, -2', 'my ($kind, $name, $key) = ("user", "x", "x");'),
  ),
  'takes the handle of a file': open(
    call(
      'name_to_handle_at',
      '-100, $path, $handle, $mount, 0',
      'my $path = "/etc/passwd"; my $handle = pack("Ll", 128, 0) . ("\\0" x 128); my $mount = "\\0" x 8;',
    ),
  ),
  'watches a file system': open(call('fanotify_init', '0x200, 0')),
  'measures the machine': rooted(
    call('perf_event_open', '$what, 0, -1, -1, 0', 'my $what = pack("LLQ12", 1, 112, (0) x 12);'),
  ),
  'changes its personality to that of another system': open(call('personality', '0x400000')),
  'changes its table of segments': {
    ...open(call('modify_ldt', '0, $table, 64', 'my $table = "x" x 64;')),
    absent: absences['segments'],
  },
  'loads a program into the kernel': rooted(
    call('bpf', '0, $map, 72', 'my $map = pack("LLLL", 2, 4, 4, 1) . ("\\0" x 56);'),
  ),
  'reads the log of the kernel': rooted(call('syslog', '10, 0, 0')),
  'changes its root': spaced(call('chroot', '$path', 'my $path = "/";')),
  'names the machine': spaced(
    call('sethostname', '$name, length $name', 'my $name = `uname -n`; chomp $name;'),
  ),
  'mounts a file system': spaced('mkdir m && mount -t tmpfs none m && echo through && umount m'),
  'opens a file system': spaced(call('fsopen', '$kind, 0', 'my $kind = "tmpfs";')),
  'takes a part of the tree of mounts': spaced(
    call('open_tree', '-100, $path, 0x8001', 'my $path = "/";'),
  ),
  'makes a device and reads it': rooted(
    'mknod zero c 1 5 && head -c 4 zero | wc -c | sed "s/^4$/through/"',
  ),
  'makes a device of no number': open('mknod nothing c 0 0 && echo through'),
  'changes a setting of the kernel': rooted(rewrite('/proc/sys/vm/overcommit_ratio')),
  'has a program started at the next crash': rooted(rewrite('/proc/sys/kernel/core_pattern')),
  'presses the magic key': {
    ...rooted('echo h > /proc/sysrq-trigger && echo through'),
    absent: absences['sysrq'],
  },
  'types into a terminal': { ...open(typing), absent: absences['tiocsti'] },
  'calls the kernel by its table of 32-bit pointers': {
    ...open(perl('print "through" if syscall(0x40000000 + 39) > 0')),
    absent: absences['x32'],
  },
};

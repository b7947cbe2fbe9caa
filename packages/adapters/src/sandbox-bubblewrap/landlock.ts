import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { kindAt } from './place.ts';

/** The kernel offers Landlock by system calls alone; of what every system has, Perl can make them. */
export const perlPath = '/usr/bin/perl';

/** Before this version of Landlock nothing could be renamed from one folder to another. */
const leastVersion = 2;

/** Rights to files (linux/landlock.h). */
const right = {
  execute: 1 << 0,
  writeFile: 1 << 1,
  readFile: 1 << 2,
  readFolder: 1 << 3,
  makeCharacterDevice: 1 << 6,
  makeBlockDevice: 1 << 11,
  truncate: 1 << 14,
} as const;

const read = right.execute | right.readFile | right.readFolder;
const devices = right.makeCharacterDevice | right.makeBlockDevice;

/** All rights of each version; later ones know no more than that of version 5. */
const handled = { 2: 0x3fff, 3: 0x7fff, 5: 0xffff } as const;

/** Abstract sockets and signals, of version 6 and later. */
const scopes = 0b11;

/**
 * Takes on the environment in descriptor `environment` (`NAME=value`, each ended by NUL), confines
 * itself and becomes the command; the first word is the workspace. System calls 444 to 446 have one
 * number everywhere. Holds no single quote, since a shell is given it between such.
 */
const script = (environment: number): string =>
  [
    `open(my $given, "<&=", ${environment}) or exit 125; local $/; my $text = <$given>; close $given;`,
    'for (split /\\0/, $text) { my ($name, $value) = split /=/, $_, 2; $ENV{$name} = $value }',
    'my $version = syscall(444, 0, 0, 1);',
    `my $all = $version >= 5 ? ${handled[5]} : $version >= 3 ? ${handled[3]} : ${handled[2]};`,
    `my $scoped = $version >= 6 ? ${scopes} : 0;`,
    'my $rules = syscall(444, pack("QQQ", $all, 0, $scoped), 24, 0); exit 125 if $rules < 0;',
    `my $own = $all & ~${devices};`,
    `my %may = ("/", ${read}, "/proc", ${read | right.writeFile | right.truncate} & $all,`,
    '"/dev", $own, "/tmp", $own, shift(@ARGV), $own);',
    // O_PATH and O_CLOEXEC.
    'while (my ($path, $rights) = each %may) { sysopen(my $folder, $path, 0x280000) or exit 125;',
    'syscall(445, $rules, 1, pack("Ql", $rights, fileno $folder), 0) == 0 or exit 125 }',
    'syscall(446, $rules, 0) == 0 or exit 125;',
    'exec { $ARGV[0] } @ARGV;',
    'my $code = $! == 2 ? 127 : 126; print STDERR "$ARGV[0]: $!\\n"; exit $code;',
  ].join(' ');

/** Words of a shell that start what follows them under Landlock. */
export const confiningWords = (environment: number): string =>
  `${perlPath} -e '${script(environment)}'`;

/** Whether the kernel has Landlock and the system something to ask it by. */
export async function hasLandlock(): Promise<boolean> {
  if (kindAt(perlPath) !== 'file') return false;
  const { stdout } = await promisify(execFile)(perlPath, ['-e', 'print syscall(444, 0, 0, 1)'], {
    env: {},
  });
  return Number(stdout) >= leastVersion;
}

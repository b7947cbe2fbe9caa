import { readFileSync } from 'node:fs';
import { isSaid, isSecretSaid, isThrough, type Attempt } from './attempt-fixture.ts';
import { numberOf } from './calls-fixture.ts';
import { absences, call, perl } from './kernel-fixture.ts';
import type { World } from './world-fixture.ts';

/** Whether its first process is gone, or dead and not waited for yet. */
function isVictimDead({ victim }: World): boolean {
  try {
    return !/\) [RSDt] /.test(readFileSync(`/proc/${victim.pid ?? 0}/stat`, 'latin1'));
  } catch {
    // It has ended and was waited for.
    return true;
  }
}

/** Reads the stack of the victim, where its environment lies. */
const readStack =
  'open(my $maps, "<", "/proc/$ENV{VICTIM}/maps") or exit; ' +
  'my ($from, $to) = map { /^(\\w+)-(\\w+) .*\\[stack\\]/ ? (hex $1, hex $2) : () } <$maps>; ' +
  'open(my $memory, "<", "/proc/$ENV{VICTIM}/mem") or exit; seek($memory, $from, 0); ' +
  'read($memory, my $text, $to - $from); print $text';

/** Attempts on processes, and by way of what processes share. */
export const processAttempts: Readonly<Record<string, Attempt>> = {
  'ends a process outside': { script: 'kill -KILL "$VICTIM"; sleep 0.3', reached: isVictimDead },
  'stops a process outside by its number': {
    script: perl('print "through" if kill(0, $ENV{VICTIM})'),
    reached: isThrough,
  },
  'sees a process outside': {
    // The words of the search itself must not be found, and of many processes not all are kept.
    script: 'cat /proc/*/cmdline | tr "\\0" " " | grep -ao "sleep [6]00"',
    reached: isSaid('sleep 600'),
  },
  'reads the environment of a process outside': {
    script: 'cat /proc/*/environ | tr "\\0" "\\n" | grep -a planted',
    reached: isSecretSaid,
  },
  'reads the memory of a process outside': {
    script: `${perl(readStack)} | grep -ao "the planted secret"`,
    reached: isSecretSaid,
  },
  'traces a process outside': {
    script: call('ptrace', '16, $ENV{VICTIM} + 0, 0, 0'),
    reached: isThrough,
  },
  'traces a process of its own': { script: call('ptrace', '0, 0, 0, 0'), reached: isThrough },
  'reads memory by the number of a process': {
    script: call(
      'process_vm_readv',
      '$$ + 0, pack("PQ", $to, 5), 1, pack("PQ", $from, 5), 1, 0',
      'my $from = "hello"; my $to = "-----";',
    ),
    reached: isThrough,
  },
  'writes memory by the number of a process': {
    script: call(
      'process_vm_writev',
      '$$ + 0, pack("PQ", $from, 5), 1, pack("PQ", $to, 5), 1, 0',
      'my $from = "hello"; my $to = "-----";',
    ),
    reached: isThrough,
  },
  'compares processes': { script: call('kcmp', '$$ + 0, $$ + 0, 1, 0, 0'), reached: isThrough },
  'takes a descriptor from a process': {
    script: call('pidfd_getfd', '$process, 1, 0', 'my $process = syscall(434, $$ + 0, 0);'),
    reached: isThrough,
  },
  'reads shared memory of System V': {
    script: perl('shmread(shmget($ENV{KEY}, 64, 0), my $text, 0, 64); print $text'),
    reached: isSecretSaid,
  },
  'reads shared memory of POSIX': { script: 'cat "$SHARED"', reached: isSecretSaid },
  'becomes root by a program that does': {
    script: './as-root -u | sed "s/^0$/through/"',
    reached: isThrough,
    absent: absences['planting'],
  },
  'becomes root by a program of the system': {
    // It waits for a password, or for the command.
    script:
      'sleep 2 | su root -c "sleep 2" 2>/dev/null & ' +
      'for look in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do sleep 0.1; ' +
      `sed -n 's/^Uid:\\t[0-9]*\\t0\\t.*/through/p' /proc/$!/status; done`,
    reached: isThrough,
  },
  'makes a namespace of users': {
    script: 'unshare -U echo through',
    reached: isThrough,
    absent: absences['users'],
  },
  'makes a namespace of users by clone': {
    script: perl(
      `my $pid = syscall(${String(numberOf('clone'))}, 0x10000011, 0, 0, 0, 0); ` +
        'print "through" if $pid > 0; exit',
    ),
    reached: isThrough,
    absent: absences['users'],
  },
  'makes a namespace of users by a call whose flags lie in memory': {
    script: perl(
      'my $how = pack("Q8", 0x10000000, 0, 0, 0, 17, 0, 0, 0); my $pid = ' +
        `syscall(${String(numberOf('clone3'))}, $how, 64); ` +
        'print "through" if $pid > 0; exit',
    ),
    reached: isThrough,
    absent: absences['users'],
  },
  'enters the namespace of a process outside': {
    script: call('setns', 'fileno $space, 0', 'open(my $space, "<", "/proc/$ENV{VICTIM}/ns/uts");'),
    reached: isThrough,
    takesRoot: 'of the machine',
  },
  'moves itself to another control group': {
    script:
      'for group in /sys/fs/cgroup /sys/fs/cgroup/pids; do ' +
      '(echo $$ > $group/cgroup.procs) && echo through; done',
    reached: isThrough,
    takesRoot: 'of the machine',
  },
};

import { refusal, type Refusal } from '@chancery/kernel/refusal';
import type { SandboxCommand } from '@chancery/runtime/broker';
import { perlPath } from './landlock.ts';
import { kindAt } from './place.ts';

type Door = NonNullable<SandboxCommand['door']>;

/** Where the folder of a door is shown inside. */
const folder = '/run/egress';

/** On the loopback inside; above the ports that the kernel gives away itself. */
const port = 61_080;

const proxy = `http://127.0.0.1:${port}`;

/**
 * Carries connections from a port of the loopback to a socket, both of which it is given, and bytes both
 * ways, each side's end told to the other. It has begun to listen when its first process ends. Holds no
 * single quote, since a shell is given it between such. What it is sent is not looked at: whoever
 * listens at the socket decides, and the command may speak to that as well.
 */
const script = [
  'use strict; use Socket; use Fcntl; my ($port, $path) = @ARGV; my (%at, %peer, %out, %ended, %shut);',
  'socket(my $door, PF_INET, SOCK_STREAM, 0) or die "socket: $!";',
  'setsockopt($door, SOL_SOCKET, SO_REUSEADDR, 1);',
  'bind($door, sockaddr_in($port, INADDR_LOOPBACK)) or die "bind: $!"; listen($door, 128) or die "listen: $!";',
  'my $pid = fork; defined $pid or die "fork: $!"; exit 0 if $pid;',
  'open(STDIN, "<", "/dev/null"); open(STDOUT, ">", "/dev/null"); open(STDERR, ">", "/dev/null");',
  '$SIG{PIPE} = "IGNORE"; fcntl($door, F_SETFL, O_NONBLOCK);',
  'sub drop { for my $n (@_) { my $h = delete $at{$n}; close($h) if $h;',
  'delete $peer{$n}; delete $out{$n}; delete $ended{$n}; delete $shut{$n} } }',
  'for (;;) { my ($in, $on) = ("", ""); vec($in, fileno($door), 1) = 1;',
  'for my $n (keys %at) { my $p = $peer{$n};',
  'vec($in, $n, 1) = 1 if !$ended{$n} && length($out{$p}) < 262144;',
  'vec($on, $n, 1) = 1 if length $out{$n} }',
  'next if select($in, $on, undef, undef) < 0;',
  'if (vec($in, fileno($door), 1) && accept(my $client, $door)) {',
  'my $way; if (socket($way, PF_UNIX, SOCK_STREAM, 0) && connect($way, sockaddr_un($path))) {',
  'my ($c, $w) = (fileno($client), fileno($way)); $peer{$c} = $w; $peer{$w} = $c;',
  'for my $h ($client, $way) { fcntl($h, F_SETFL, O_NONBLOCK);',
  '$at{fileno $h} = $h; $out{fileno $h} = "" } } }',
  'for my $n (keys %at) { next unless $at{$n}; my $p = $peer{$n};',
  'if (vec($in, $n, 1) && !$ended{$n}) { my $got = sysread($at{$n}, my $text, 65536);',
  'if (!defined $got) { drop($n, $p) unless $!{EAGAIN} || $!{EINTR}; next }',
  'if ($got) { $out{$p} .= $text } else { $ended{$n} = 1 } }',
  'if (length $out{$n}) { my $put = syswrite($at{$n}, $out{$n});',
  'if (!defined $put) { drop($n, $p) unless $!{EAGAIN} || $!{EINTR}; next }',
  'substr($out{$n}, 0, $put) = "" } }',
  'for my $n (keys %at) { next unless $at{$n}; my $p = $peer{$n};',
  'if ($ended{$p} && !$shut{$n} && !length $out{$n}) { shutdown($at{$n}, 1); $shut{$n} = 1 }',
  'drop($n, $p) if $shut{$n} && $shut{$p} } }',
].join(' ');

/** A line of the shell inside, which ends it where nothing can be carried. */
export const carrierLine = (closed: string): string =>
  `${perlPath} -e '${script}' ${port} ${folder}/door </dev/null ${closed} || exit 125`;

/** Refuses a door where nothing inside could carry connections to it. */
export function checkDoor(door: Door | undefined, carrier = perlPath): Refusal | undefined {
  if (door === undefined || kindAt(carrier) === 'file') return undefined;
  return refusal('sandbox.unavailable', `nothing carries connections inside: no ${carrier}`, {
    remedy: 'Install Perl, or run the command without a network.',
  });
}

export const doorArguments = (door: Door | undefined): readonly string[] =>
  door === undefined ? [] : ['--ro-bind', door.folder, folder];

/** By which programs find the proxy, and believe it where it has certificates of its own. */
export function doorVariables(door: Door | undefined): Readonly<Record<string, string>> {
  if (door === undefined) return {};
  const authorities = `${folder}/authorities.pem`;
  return {
    ...variables(['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'], proxy),
    ...variables(['http_proxy', 'https_proxy', 'all_proxy'], proxy),
    ...variables(['NO_PROXY', 'no_proxy'], 'localhost,127.0.0.1,::1'),
    NODE_USE_ENV_PROXY: '1',
    ...(door.hasAuthorities ? variables(trusting, authorities) : {}),
  };
}

/** OpenSSL, Node, git, curl, Python, pip, cargo, npm, in this order. */
const trusting = [
  ...['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS', 'GIT_SSL_CAINFO', 'CURL_CA_BUNDLE'],
  ...['REQUESTS_CA_BUNDLE', 'PIP_CERT', 'CARGO_HTTP_CAINFO', 'npm_config_cafile'],
];

const variables = (names: readonly string[], value: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, value]));

import { isSecretSaid, isThrough, type Attempt } from './attempt-fixture.ts';
import { perl } from './kernel-fixture.ts';

const connect = `"$NODE" -e 'require("net").connect(+process.env.PORT, "127.0.0.1").on("error", () => {})'`;

const send = perl(
  'socket(my $socket, 2, 2, 0); send($socket, "x", 0, pack("SnCCCCx8", 2, $ENV{UDP}, 127, 0, 0, 1))',
);

/** Asks the server at a socket of the file system, or at an abstract one. */
const ask = (name: string): string =>
  perl(
    `socket(my $socket, 1, 1, 0); connect($socket, pack("Sa*", 1, ${name})) or exit; ` +
      'read($socket, my $text, 64); print $text',
  );

const socket = (...args: readonly number[]): string =>
  perl(`print "through" if socket(my $socket, ${args.join(', ')})`);

/** Attempts to reach somebody. */
export const networkAttempts: Readonly<Record<string, Attempt>> = {
  'connects to a server on the loopback': {
    script: connect,
    reached: (world) => world.heard('tcp'),
  },
  'sends a datagram to a server on the loopback, as one asks for names': {
    script: send,
    reached: (world) => world.heard('udp'),
  },
  'asks a server at an abstract socket': {
    script: ask('"\\0$ENV{SECRET_NAME}"'),
    reached: isSecretSaid,
  },
  'asks a server at a socket outside, such as that of a bus': {
    script: ask('"$ENV{OUTSIDE}/bus"'),
    reached: isSecretSaid,
  },
  'asks a server at a socket in the workspace': {
    script: ask('"deep/bus"'),
    reached: isSecretSaid,
  },
  'asks a server at a socket in the workspace under another name': {
    script: `ln deep/bus other; ${ask('"other"')}; mv deep aside; ${ask('"aside/bus"')}`,
    reached: isSecretSaid,
  },
  'asks a server at a socket in the workspace that a command before has moved': {
    first: 'mv deep aside',
    script: ask('"aside/bus"'),
    reached: isSecretSaid,
  },
  'asks a server at a socket in a folder that it may read': {
    script: ask('"$ENV{GRANTED}/bus"'),
    reached: isSecretSaid,
  },
  'opens a socket to machines beside this one': { script: socket(40, 1, 0), reached: isThrough },
  'opens a socket to the filters of the network': { script: socket(16, 3, 12), reached: isThrough },
  'opens a socket for packets of every kind': {
    script: socket(17, 3, 0),
    reached: isThrough,
    takesRoot: 'of a namespace',
  },
};

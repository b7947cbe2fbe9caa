import { connect } from 'node:net';

/** Sends the frame on standard input to the socket that is named, and writes what is answered. */
const [path = ''] = process.argv.slice(2);
const mostBytes = 256 * 1024;

const frame: Buffer[] = [];
for await (const chunk of process.stdin) frame.push(chunk as Buffer);

const socket = connect(path, () => socket.write(Buffer.concat(frame)));
let answer = Buffer.alloc(0);
socket.on('error', ({ message }) => {
  process.stderr.write(message);
  process.exitCode = 1;
});
socket.on('data', (chunk) => {
  answer = Buffer.concat([answer, chunk]);
  const size = answer.length < 4 ? undefined : answer.readUInt32BE();
  if (answer.length > mostBytes || (size !== undefined && answer.length >= size + 4)) {
    process.stdout.write(answer);
    socket.end();
  }
});

import { createInterface } from 'node:readline';
import { bubblewrapSandbox, unsafeSandbox } from '../index.ts';
import type { Errand } from './errand-fixture.ts';

// Does errands, a line of JSON each, and answers each with a line.
for await (const line of createInterface(process.stdin)) {
  const { confined, limits, command } = JSON.parse(line) as Errand;
  const sandbox = confined ? bubblewrapSandbox({ limits }) : unsafeSandbox();
  const { signal } = new AbortController();
  const answer =
    command === undefined ? await sandbox.probe() : await sandbox.run({ ...command, signal });
  const text = JSON.stringify(answer, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  process.stdout.write(`${text}\n`);
}

import { createInterface } from 'node:readline/promises';

/** Whether a person can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/** Asks a person; anything but yes is no, and so is going away. */
export async function askYes(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  const left = new AbortController();
  reader.once('close', () => left.abort());
  try {
    const answer = await reader.question(`${question} [y/N] `, { signal: left.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (!left.signal.aborted) throw error;
    process.stdout.write('\n');
    return false;
  } finally {
    reader.close();
  }
}

import { refusal, RefusalError } from '@chancery/kernel/refusal';

/** Whether a person can be asked for what is not to be seen. */
export function canAskHidden(): boolean {
  return process.stdin.isTTY;
}

const enter = new Set(['\r', '\n', '\u0004']);
const erase = new Set(['\u007f', '\b']);
const interrupt = '\u0003';

/**
 * Asks a person for a line that is not shown while it is typed. The question goes to standard error, so
 * that output can be used elsewhere. Refuses `passphrase.missing` to one who goes away.
 */
export async function askHidden(question: string): Promise<string> {
  const { stdin, stderr } = process;
  // Before anybody is asked: an answer can be there as soon as the question is.
  stdin.setRawMode(true);
  try {
    stderr.write(question);
    stdin.setEncoding('utf8').resume();
    return await lineOf(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

function lineOf(stdin: NodeJS.ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let line = '';
    const end = (settle: () => void): void => {
      stdin.pause();
      stdin.off('data', onData);
      stdin.off('end', onEnd);
      settle();
    };
    const onEnd = (): void => end(() => reject(gone()));
    const onData = (chunk: string): void => {
      for (const [at, char] of Array.from(chunk).entries()) {
        if (char === interrupt) {
          end(() => reject(gone()));
          return;
        }
        if (enter.has(char)) {
          // What was typed ahead is for whoever asks next.
          stdin.unshift(
            Array.from(chunk)
              .slice(at + 1)
              .join(''),
          );
          end(() => resolve(line));
          return;
        }
        line = erase.has(char) ? Array.from(line).slice(0, -1).join('') : line + char;
      }
    };
    stdin.on('data', onData);
    stdin.on('end', onEnd);
  });
}

function gone(): RefusalError {
  return new RefusalError(refusal('passphrase.missing', 'nothing was typed'));
}

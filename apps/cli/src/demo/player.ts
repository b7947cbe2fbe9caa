import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { shellWord } from '../own-name.ts';
import type { Session } from '../session.ts';
import { wrapped } from '../terminal/columns.ts';
import { visible } from '../terminal/visible.ts';
import type { Stage } from './stage.ts';

const main = join(import.meta.dirname, '..', 'main.ts');

/** Says what comes next, shows a command as a person would type it, and runs it as a process. */
export class Player {
  private readonly session: Session;
  private readonly stage: Stage;
  private step = 0;

  constructor(session: Session, stage: Stage) {
    this.session = session;
    this.stage = stage;
  }

  /** Resolves with the exit code of the command; its output is the demo's own. */
  async play(why: string, words: readonly string[]): Promise<number> {
    const { terminal } = this.session;
    const { paint, columns } = terminal;
    this.step += 1;
    terminal.line();
    for (const line of wrapped(`${this.step}. ${why}`, columns)) terminal.line(paint.bold(line));
    terminal.line(paint.cyan(`$ ${['chancery', ...words].map(shownWord).join(' ')}`));
    terminal.line();
    return this.run(words);
  }

  private async run(words: readonly string[]): Promise<number> {
    const { env } = this.session;
    // The terminal sends Ctrl-C to the command too, which stops cleanly; then the demo ends as well.
    const letPass = (): void => undefined;
    process.on('SIGINT', letPass);
    const child = spawn(process.execPath, [main, ...words], {
      env: { ...env, CHANCERY_HOME: this.stage.home },
      stdio: 'inherit',
    });
    try {
      return await new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, signal) => {
          resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
        });
      });
    } finally {
      process.off('SIGINT', letPass);
    }
  }
}

const shownWord = (word: string): string => shellWord(visible(word));

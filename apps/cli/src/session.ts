import type { Home } from './home.ts';
import type { Terminal } from './terminal/terminal.ts';

/** What every command has. */
export interface Session {
  readonly terminal: Terminal;
  readonly home: Home;
  readonly env: NodeJS.ProcessEnv;
  /** Whether a program reads the output. */
  readonly json: boolean;
}

/** Does the work of a command; resolves with the exit code. */
export type Work = (session: Session) => Promise<number>;

/** Runs a command's work with the flags that every command has. */
export type Act = (flags: CommonFlags, work: Work) => Promise<void>;

export interface CommonFlags {
  readonly json?: boolean;
}

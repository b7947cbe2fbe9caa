import type { SandboxCommand, SandboxLimits } from '@chancery/runtime/broker';

/** One command, as it is told to a process of another user. */
export interface Errand {
  readonly confined: boolean;
  readonly limits: Partial<SandboxLimits>;
  /** Undefined: only the report is asked for. */
  readonly command?: Omit<SandboxCommand, 'signal'>;
}

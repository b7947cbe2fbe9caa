import type { Hook, Notification } from '@chancery/domain/notifications';
import type { Result } from '@chancery/kernel/refusal';

/** Brings notifications where a hook says. */
export interface Courier {
  /**
   * Resolves once it has arrived. Whoever receives it may get it again after a crash, with the same
   * id. Refuses `hook.unreachable`; never takes longer than some seconds.
   */
  deliver(notification: Notification): Promise<Result<null>>;
}

/** Where each hook has come to, kept across processes. */
export interface HookPlaces {
  /**
   * The right to deliver to a hook: one process has it at a time, and it goes with the process.
   * Undefined while another has it.
   */
  acquire(hook: Hook): Promise<HeldPlace | undefined>;
}

export interface HeldPlace {
  /** Position of the first entry that it was not told of; undefined for one that is new. */
  read(): Promise<number | undefined>;
  /** Durable when it resolves. */
  write(position: number): Promise<void>;
  release(): Promise<void>;
}

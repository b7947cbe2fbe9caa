/** Where one follower waits, again and again, until it leaves. */
export class Seat {
  #resolve: ((nothing: undefined) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #left = false;

  /** Resolves or rejects with the next `wake` or `fail`; at once for one who has left. */
  wait(): Promise<undefined> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (this.#left) resolve(undefined);
    });
  }

  wake(): void {
    this.#resolve?.(undefined);
  }

  fail(error: unknown): void {
    this.#reject?.(error);
  }

  leave(): void {
    this.#left = true;
    this.wake();
  }
}

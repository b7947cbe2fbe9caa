/** The right to let the tree of a ledger grow. One process or node has it at a time. */
export interface Lease {
  /** Undefined while another has it. It goes with the process, however that ends. */
  acquire(): Promise<HeldLease | undefined>;
}

export interface HeldLease {
  /** Whether it is still held, asked where it is kept: it can be lost with a connection. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

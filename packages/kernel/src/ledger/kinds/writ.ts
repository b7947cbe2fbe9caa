import { amounts, digest, envelope, object } from '../schema.ts';

/** Kinds of the streams `writ:<id>`. */
export const writKinds = {
  /** Opens the stream of a writ. */
  'writ.issued': object({ envelope }),
  /** On the parent's stream: the budget that a child took with it. */
  'writ.carved': object({ child: digest, budget: amounts }),
  /**
   * On the parent's stream: a child ended and brought the rest back; by the end of its run, or by the
   * signed word in `envelope`.
   */
  'writ.closed': object({ child: digest, returned: amounts, envelope }, ['envelope']),
  /** Ends a writ, and with it every writ that descends from it. */
  'writ.revoked': object({ envelope }),
} as const;

import { object, text } from '../schema.ts';

/** Kinds of the stream `anchor`. */
export const anchorKinds = {
  'anchor.published': object({
    /** Where it was published, without what is secret of it. */
    place: text,
    /** The checkpoint, a signed note. */
    note: text,
  }),
} as const;

/** Joins pieces of text so that no character is split between two of them. */
export interface WellFormedText {
  /** @returns what may be passed on; half of a surrogate pair is held back for the next piece. */
  readonly push: (piece: string) => string;
  /** @returns what is held back at the end. */
  readonly rest: () => string;
}

/** Lone surrogates, which no record can hold, become U+FFFD. */
export function wellFormedText(): WellFormedText {
  let held = '';
  return {
    push: (piece) => {
      const text = held + piece;
      const last = text.charCodeAt(text.length - 1);
      held = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : '';
      return text.slice(0, text.length - held.length).toWellFormed();
    },
    rest: () => {
      const text = held.toWellFormed();
      held = '';
      return text;
    },
  };
}

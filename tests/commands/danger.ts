/** What must come of a line: told as leaving, lasting or elsewhere, or not understood, or a protected file. */
export type Danger = 'external' | 'irreversible' | 'outside' | 'unknown' | 'protected';

/** Version of the format that this program writes, and the latest that it reads. */
export const formatVersion = 1;

/** Longest line, in bytes, without its newline. */
export const lineBytesMax = 1 << 24;

/** Bytes of a blob that one line holds; only the last part of a blob has fewer. */
export const partBytes = 48 * 1_024;

/** Bytes that the blobs of one entry have together. */
export const entryBlobsBytesMax = 1 << 27;

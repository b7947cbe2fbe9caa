/**
 * Versions of the format, all of which this program reads. The second is the first with the objects of
 * workspaces, the third has timestamps and may have these objects; each is written only where that is
 * asked for.
 */
export const formatVersions = { plain: 1, withWorkspaces: 2, withTimestamps: 3 } as const;

/** Timestamps that an export carries at most. */
export const timestampsMax = 64;

/** Longest line, in bytes, without its newline. */
export const lineBytesMax = 1 << 24;

/** Bytes of a blob that one line holds; only the last part of a blob has fewer. */
export const partBytes = 48 * 1_024;

/** Bytes that the blobs of one entry have together. */
export const entryBlobsBytesMax = 1 << 27;

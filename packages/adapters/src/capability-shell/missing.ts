const codes = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG', 'EISDIR', 'EINVAL'];

/** Whether an error says that there is nothing at a path that could be followed or read. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

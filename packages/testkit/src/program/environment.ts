/**
 * Of our environment only what programs are found by: no key, no colour, no settings of whoever runs the
 * tests.
 * @param folder home of the program, and where it puts what is temporary, so that what it leaves behind
 * when it is killed goes with the folder.
 */
export function bareEnvironment(folder: string): Readonly<Record<string, string>> {
  const { PATH = '/usr/bin:/bin', NODE_COMPILE_CACHE } = process.env;
  return {
    ...{ PATH, HOME: folder, TMPDIR: folder, GIT_CONFIG_GLOBAL: '/dev/null' },
    ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
  };
}

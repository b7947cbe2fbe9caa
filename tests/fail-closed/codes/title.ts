/** The names that the tests of a title have, each in the place of what it leaves open. */
export function titlePattern(title: string): RegExp {
  const parts = title
    .split(/%[a-z#]|\$[a-z.]+/i)
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}

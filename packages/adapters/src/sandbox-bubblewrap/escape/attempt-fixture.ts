import { secret, type World } from './world-fixture.ts';

/** Something that a command tries. It succeeds without confinement: its own positive control. */
export interface Attempt {
  readonly script: string;
  /** What a command of its own does before. */
  readonly first?: string;
  /** Relative to the workspace; the workspace itself where it is not said. */
  readonly cwd?: string;
  /** Whether it got through. */
  readonly reached: (world: World, output: string) => boolean | Promise<boolean>;
  /**
   * What an ordinary user may not do without confinement either: at all, or but in namespaces of its
   * own, where it is root.
   */
  readonly takesRoot?: 'of the machine' | 'of a namespace';
  /** Why this kernel has nothing that could be tried, by its own word. */
  readonly absent?: (() => string | undefined) | undefined;
}

/** The script as root of new namespaces, which an ordinary user may make. */
export const inNamespaces = (script: string): string =>
  `unshare --user --map-root-user --mount --uts --ipc --net sh -c '${script.replaceAll("'", "'\\''")}'`;

export const isSaid =
  (text: string): Attempt['reached'] =>
  (_, output) =>
    output.includes(text);

export const isSecretSaid = isSaid(secret);

/** What scripts print that got through. */
export const isThrough = isSaid('through');

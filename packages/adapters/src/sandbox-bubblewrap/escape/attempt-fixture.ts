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
  /** An ordinary user may not do it without confinement either. */
  readonly takesRoot?: true;
  /** Why this kernel has nothing that could be tried, by its own word. */
  readonly absent?: (() => string | undefined) | undefined;
}

export const isSaid =
  (text: string): Attempt['reached'] =>
  (_, output) =>
    output.includes(text);

export const isSecretSaid = isSaid(secret);

/** What scripts print that got through. */
export const isThrough = isSaid('through');

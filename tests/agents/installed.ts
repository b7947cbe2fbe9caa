import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exclusively } from '../../scripts/setup/exclusive.mjs';
import { npmCi } from '../../scripts/setup/npm.mjs';
import { SetupError, step } from '../../scripts/setup/report.mjs';
import { releases, type AgentName, type Release } from './releases.ts';

/** A program that can be started, or why there is none here. */
export type Installed = { readonly program: string } | { readonly missing: string };

const home = path.resolve(import.meta.dirname, '../../.node');

/** What npm says where there is no way to the registry, or nothing of the kind on it. */
const notReached =
  /\bE(NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT|CONNRESET|NETUNREACH|HOSTUNREACH|50\d)\b|\bERR_SOCKET_TIMEOUT\b/;

/** What npm says where the registry does not give it: it keeps this one back, or the pin is wrong. */
const notGiven = /\bE40[34]\b/;

/**
 * Why it is no fault of ours that npm brought nothing; undefined where it is one: a registry that gives
 * another of the agents would give this one, if its pin were right.
 */
export function whyMissing(said: string, givesAnother: () => boolean): string | undefined {
  if (notReached.test(said)) return 'the package registry is not reached';
  return notGiven.test(said) && !givesAnother() ? 'the package registry gives no agent' : undefined;
}

/**
 * Installs an agent into the private folder of the project, once, for whoever runs these tests and for
 * nobody else: it is hundreds of megabytes. npm checks the content against the digest.
 * @throws {SetupError} for whatever is amiss but a registry that is not reached, or gives no agent, as for other content.
 */
export async function installedAgent(agent: AgentName): Promise<Installed> {
  const platform = `${process.platform}-${process.arch}`;
  const pinned: Readonly<Record<string, Release>> = releases[agent];
  const release = pinned[platform];
  if (release === undefined) return { missing: `none is pinned for ${platform}` };
  const place = path.join(home, 'agents', `${agent}-${release.version}`);
  const program = path.join(place, release.program);
  if (existsSync(program)) return { program };
  mkdirSync(path.dirname(place), { recursive: true });
  try {
    await exclusively(`${place}.lock`, async () => {
      if (!existsSync(program)) await install(agent, release, place);
    });
  } catch (error) {
    const missing =
      error instanceof SetupError
        ? whyMissing(error.message, () => givesAnother(agent, platform))
        : undefined;
    if (missing === undefined) throw error;
    return { missing };
  }
  return { program };
}

function givesAnother(agent: AgentName, platform: string): boolean {
  const others = Object.entries(releases).flatMap(([name, platforms]) => {
    const pinned: Readonly<Record<string, Release>> = platforms;
    const release = pinned[platform];
    return name === agent || release === undefined ? [] : [release];
  });
  return others.some(({ name, version }) => {
    const { status, stdout } = spawnSync('npm', ['view', `${name}@${version}`, 'version'], {
      encoding: 'utf8',
    });
    return status === 0 && stdout.includes(version);
  });
}

/** Installs it beside its place and moves it there when it is whole. */
async function install(agent: AgentName, release: Release, place: string): Promise<void> {
  const { name, version, integrity } = release;
  const workshop = `${place}.new`;
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop);
  const root = { name: `chancery-${agent}`, version: '0.0.0', dependencies: { [name]: version } };
  const packages = { '': root, [`node_modules/${name}`]: { version, integrity } };
  const lock = { ...root, lockfileVersion: 3, requires: true, packages };
  for (const [file, content] of Object.entries({
    'package.json': root,
    'package-lock.json': lock,
  })) {
    writeFileSync(path.join(workshop, file), JSON.stringify(content));
  }
  const what = `Installing ${name}`;
  const code = 'AGENT_INSTALL_FAILED';
  try {
    await step(`installing ${agent} ${version} for a test`, () =>
      npmCi({ node: process.execPath, cwd: workshop, code, what }),
    );
    renameSync(path.join(workshop, 'node_modules', name), place);
  } finally {
    rmSync(workshop, { recursive: true });
  }
}

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exclusively } from '../../scripts/setup/exclusive.mjs';
import { npmCi } from '../../scripts/setup/npm.mjs';
import { SetupError, step } from '../../scripts/setup/report.mjs';
import { releases, type AgentName, type Release } from './releases.ts';

/** A program that can be started, or why there is none here. */
export type Installed = { readonly program: string } | { readonly missing: string };

const home = path.resolve(import.meta.dirname, '../../.node');

/** What npm says where it is no fault of ours that nothing came: no way there, or nothing of the kind on it. */
const notGiven =
  /\bE(NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT|CONNRESET|NETUNREACH|HOSTUNREACH|403|404|50\d)\b|\bERR_SOCKET_TIMEOUT\b/;

/**
 * Installs an agent into the private folder of the project, once, for whoever runs these tests and for
 * nobody else: it is hundreds of megabytes. npm checks the content against the digest.
 * @throws {SetupError} for whatever is amiss but a registry that does not give it, as for other content.
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
    if (error instanceof SetupError && notGiven.test(error.message)) {
      return { missing: 'the package registry does not give it' };
    }
    throw error;
  }
  return { program };
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

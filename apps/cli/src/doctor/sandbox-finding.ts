import type { SandboxReport } from '@chancery/runtime/broker';
import { limitsText } from '../runs/command-limits.ts';

const grouped =
  'Start it where control groups may be made: systemd-run --user --scope chancery run …';

/** What to do where a command is not held to this; of what nothing can hold, there is nothing to do. */
const remedies: Readonly<Record<string, string>> = {
  'memory-limit': grouped,
  'process-limit': grouped,
  landlock: 'Install perl, on a kernel of 5.19 or later with Landlock.',
};

export interface SandboxFinding {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do; null when nothing is amiss. */
  readonly remedy: string | null;
}

/** What a probe of the sandbox says to whoever asks whether runs will work. */
export function sandboxFinding(report: SandboxReport): SandboxFinding {
  const { provider, version, enforced, missing, limits } = report;
  if (enforced.length > 0) {
    const holds = `${provider} ${version} enforces ${enforced.join(', ')}`;
    const detail = `${holds}; limits: ${limitsText(limits)}; missing: ${missing.join(', ')}`;
    const steps = new Set(missing.flatMap((fact) => remedies[fact] ?? []));
    return steps.size === 0
      ? { state: 'ok', detail, remedy: null }
      : { state: 'warn', detail, remedy: [...steps].join(' ') };
  }
  const detail =
    version === ''
      ? `${provider} cannot be run: commands and gates will be refused`
      : `${provider} ${version} does not work here: commands and gates will be refused`;
  const remedy =
    'Install it (apt-get install bubblewrap), and let users make namespaces ' +
    '(sysctl kernel.unprivileged_userns_clone=1, or an AppArmor profile for bwrap).';
  return { state: 'fail', detail, remedy };
}

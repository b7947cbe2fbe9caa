import type { Question } from '../compiler/index.ts';
import type { Digest } from '../encoding/index.ts';

type Capability = Question['capability'];

/** What policy was told of the capabilities: of each contract, whose digest alone is recorded, the same. */
export class ToldCapabilities {
  private readonly told = new Map<Digest, Capability>();
  private readonly undone = new Map<Digest, boolean>();

  /** Whether it is what was told before of this contract, or the first that is. */
  agrees(contract: Digest, { effect, name, risk, version }: Capability): boolean {
    const before = this.told.get(contract);
    if (before === undefined) this.told.set(contract, { effect, name, risk, version });
    else if (before.effect !== effect || before.name !== name) return false;
    else if (before.risk !== risk || before.version !== version) return false;
    return true;
  }

  /** Whether it was told before, as now, that effects under this contract can be undone, or cannot. */
  agreesOnUndoing(contract: Digest, compensable: boolean): boolean {
    const before = this.undone.get(contract);
    if (before === undefined) this.undone.set(contract, compensable);
    return before === undefined || before === compensable;
  }
}

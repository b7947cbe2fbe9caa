/** How one program is called on other machines: `BASH.EXE`, `bash-static`, `git.real`. */
const endings =
  /(?:\.(?:exe|cmd|bat|com|ps1)|[-_.](?:static|dbg|debug|bin|real|orig|original|distrib|wrapped|unwrapped|minimal|full|basic|tiny|nox|openbsd|traditional|gnu|bsd|posix|musl|nightly|stable|beta|lts|latest|portable|x86_64|amd64|arm64|aarch64|linux|darwin|c))$/;

/** In a version: `python3.12`, `node-22`, `python3.13t`. */
const versions = /(?:[-_.]?v?\d+(?:\.\d+)*|(?<=^python)\d[\d.]*[a-z]{1,2})$/;

/** Of a collection that is installed beside that of the system: `gsed`, `gnusort`, `uu-ls`, `bsdgrep`. */
const collections = /^(?:gnu|bsd|uu|g)[-_]?(?=[a-z])/;

/** For a machine: `x86_64-linux-gnu-gcc`, `arm-none-eabi-objdump`. */
const machines =
  /^(?:x86_64|amd64|i[3-6]86|ia64|arm\w*|thumb\w*|aarch64\w*|riscv\w*|powerpc\w*|ppc\w*|s390x?|mips\w*|sparc\w*|loongarch\w*|m68k|alpha|hppa\w*|sh\d\w*|avr|msp430|xtensa\w*|or1k|tricore|wasm32)-/;

/** Programs by which a file is run that need not be a program: ld.so(8). */
export const isLoader = (name: string): boolean =>
  /^ld(?:64|[-_][\w.-]+)?\.so(?:\.\d+)*$/i.test(name);

/** All names of programs of which a name may be another spelling or version, itself among them. */
export function spellingsOf(name: string): readonly string[] {
  const found = new Set([name.toLowerCase()]);
  for (const spelled of found) {
    for (const shorter of [endings, versions, collections].map((part) =>
      spelled.replace(part, ''),
    )) {
      if (shorter !== '') found.add(shorter);
    }
    const parts = machines.test(spelled) ? spelled.split('-') : [];
    for (const at of parts.keys()) if (at > 0) found.add(parts.slice(at).join('-'));
  }
  return [...found];
}

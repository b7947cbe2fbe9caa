import type { Capability } from '@chancery/runtime/broker';
import { fsList } from './list.ts';
import { fsPatch } from './patch.ts';
import { fsRead } from './read.ts';
import { fsSearch } from './search.ts';
import { fsWrite } from './write.ts';

/** `fs.read`, `fs.list`, `fs.search`, `fs.write`, `fs.patch`. */
export const fsCapabilities: readonly Capability[] = [fsRead, fsList, fsSearch, fsWrite, fsPatch];

// Made from the catalogue by `npm run generate`; not edited by hand.
import type { CanonicalCursor as Cursor } from '../encoding/index.ts';
import type { Kind } from './catalogue.ts';

/** Reads a value of a schema at the cursor, `depth` deep at most; undefined when there is none. */
export type Read = (cursor: Cursor, depth: number) => unknown;

function read0(c: Cursor, d: number): unknown {
  return c.integer(0, 9007199254740991);
}

function read1(c: Cursor, d: number): unknown {
  return c.text();
}

function read2(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226964 || view.getInt32(c.at + 2) !== 0x6964223a) return undefined;
  c.at += 6;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22696e || view.getInt32(c.at + 4) !== 0x64657822 || view.getInt32(c.at + 5) !== 0x6578223a) return undefined;
  c.at += 9;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227369 || view.getInt32(c.at + 4) !== 0x7a65223a) return undefined;
  c.at += 8;
  const v2 = read0(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { id: v0, index: v1, size: v2 };
}

function read3(c: Cursor, d: number): unknown {
  const { view } = c;
  return view.getInt32(c.at) !== 0x22656432 || view.getInt32(c.at + 4) !== 0x35353139 || view.getInt32(c.at + 5) !== 0x3531393a ? undefined : c.hex(9, 64);
}

function read4(c: Cursor, d: number): unknown {
  const { view } = c;
  return view.getUint8(c.at) !== 0x22 ? undefined : c.hex(1, 64);
}

function read5(c: Cursor, d: number): unknown {
  if (c.takesNull()) return null;
  return read4(c, d);
}

const form6 = new RegExp("^(?:ledger|policy|control|constitution|anchor|(?:run|task|writ|agent|peer|approval|snapshot):[A-Za-z0-9._-]{1,128})$", 'u');

function read6(c: Cursor, d: number): unknown {
  const v = c.text();
  return v !== undefined && form6.test(v) ? v : undefined;
}

const form8 = new RegExp("^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$", 'u');

function read7(c: Cursor, d: number): unknown {
  const v = c.text();
  return v !== undefined && form8.test(v) ? v : undefined;
}

function read8(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getUint8(c.at) !== 0x31)) {
    c.at += 1;
    return 1;
  }
  return undefined;
}

function read9(c: Cursor, d: number, kind: string, body: Read): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226174 || view.getInt32(c.at + 2) !== 0x6174223a) return undefined;
  c.at += 6;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226261 || view.getInt32(c.at + 4) !== 0x74636822 || view.getInt32(c.at + 5) !== 0x6368223a) return undefined;
  c.at += 9;
  const v1 = read2(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22626f || view.getInt32(c.at + 4) !== 0x6479223a) return undefined;
  c.at += 8;
  const v2 = body(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226279 || view.getInt32(c.at + 2) !== 0x6279223a) return undefined;
  c.at += 6;
  const v3 = read3(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226361 || view.getInt32(c.at + 4) !== 0x75736522 || view.getInt32(c.at + 5) !== 0x7365223a) return undefined;
  c.at += 9;
  const v4 = read5(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226b69 || view.getInt32(c.at + 4) !== 0x6e64223a) return undefined;
  c.at += 8;
  const v5 = c.same(kind);
  if (v5 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227072 || view.getInt32(c.at + 4) !== 0x6576223a) return undefined;
  c.at += 8;
  const v6 = read5(c, d - 1);
  if (v6 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227365 || view.getInt32(c.at + 3) !== 0x6571223a) return undefined;
  c.at += 7;
  const v7 = read0(c, d - 1);
  if (v7 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227374 || view.getInt32(c.at + 4) !== 0x7265616d || view.getInt32(c.at + 6) !== 0x616d223a) return undefined;
  c.at += 10;
  const v8 = read6(c, d - 1);
  if (v8 === undefined) return undefined;
  let v9: unknown;
  if (!(view.getInt32(c.at) !== 0x2c227472 || view.getInt32(c.at + 4) !== 0x61636522 || view.getInt32(c.at + 5) !== 0x6365223a)) {
    c.at += 9;
    v9 = read7(c, d - 1);
    if (v9 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c227622 || view.getInt32(c.at + 1) !== 0x2276223a) return undefined;
  c.at += 5;
  const v10 = read8(c, d - 1);
  if (v10 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { at: v0, batch: v1, body: v2, by: v3, cause: v4, kind: v5, prev: v6, seq: v7, stream: v8, v: v10 };
  if (v9 !== undefined) members["trace"] = v9;
  return members;
}

function read10(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226b65 || view.getInt32(c.at + 4) !== 0x79696422 || view.getInt32(c.at + 5) !== 0x6964223a) return undefined;
  c.at += 9;
  const v0 = read3(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227369 || view.getInt32(c.at + 3) !== 0x6967223a) return undefined;
  c.at += 7;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { keyid: v0, sig: v1 };
}

function read11(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read10(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read12(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b227061 || view.getInt32(c.at + 4) !== 0x796c6f61 || view.getInt32(c.at + 7) !== 0x6164223a) return undefined;
  c.at += 11;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227061 || view.getInt32(c.at + 4) !== 0x796c6f61 || view.getInt32(c.at + 8) !== 0x64547970 || view.getInt32(c.at + 11) !== 0x7065223a) return undefined;
  c.at += 15;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227369 || view.getInt32(c.at + 4) !== 0x676e6174 || view.getInt32(c.at + 8) !== 0x75726573 || view.getInt32(c.at + 10) !== 0x6573223a) return undefined;
  c.at += 14;
  const v2 = read11(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { payload: v0, payloadType: v1, signatures: v2 };
}

function read13(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22656e || view.getInt32(c.at + 4) !== 0x76656c6f || view.getInt32(c.at + 8) !== 0x7065223a) return undefined;
  c.at += 12;
  const v0 = read12(c, d - 1);
  if (v0 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { envelope: v0 };
}

function read14(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    if (items.length === 512) return undefined;
    const v = read4(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read15(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22626c || view.getInt32(c.at + 4) !== 0x6f627322 || view.getInt32(c.at + 5) !== 0x6273223a) return undefined;
  c.at += 9;
  const v0 = read14(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22656e || view.getInt32(c.at + 4) !== 0x76656c6f || view.getInt32(c.at + 8) !== 0x7065223a) return undefined;
  c.at += 12;
  const v1 = read12(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { blobs: v0, envelope: v1 };
}

function read16(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226279 || view.getInt32(c.at + 4) !== 0x7465734f || view.getInt32(c.at + 8) !== 0x7574223a) return undefined;
  c.at += 12;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226361 || view.getInt32(c.at + 4) !== 0x6c6c7322 || view.getInt32(c.at + 5) !== 0x6c73223a) return undefined;
  c.at += 9;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x73744d69 || view.getInt32(c.at + 8) !== 0x63726f75 || view.getInt32(c.at + 12) !== 0x7364223a) return undefined;
  c.at += 16;
  const v2 = read0(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226370 || view.getInt32(c.at + 4) !== 0x754d7322 || view.getInt32(c.at + 5) !== 0x4d73223a) return undefined;
  c.at += 9;
  const v3 = read0(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22746f || view.getInt32(c.at + 4) !== 0x6b656e73 || view.getInt32(c.at + 6) !== 0x6e73223a) return undefined;
  c.at += 10;
  const v4 = read0(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227761 || view.getInt32(c.at + 4) !== 0x6c6c4d73 || view.getInt32(c.at + 6) !== 0x4d73223a) return undefined;
  c.at += 10;
  const v5 = read0(c, d - 1);
  if (v5 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { bytesOut: v0, calls: v1, costMicrousd: v2, cpuMs: v3, tokens: v4, wallMs: v5 };
}

function read17(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226275 || view.getInt32(c.at + 4) !== 0x64676574 || view.getInt32(c.at + 6) !== 0x6574223a) return undefined;
  c.at += 10;
  const v0 = read16(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226368 || view.getInt32(c.at + 4) !== 0x696c6422 || view.getInt32(c.at + 5) !== 0x6c64223a) return undefined;
  c.at += 9;
  const v1 = read4(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { budget: v0, child: v1 };
}

function read18(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226368 || view.getInt32(c.at + 4) !== 0x696c6422 || view.getInt32(c.at + 5) !== 0x6c64223a) return undefined;
  c.at += 9;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  let v1: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22656e || view.getInt32(c.at + 4) !== 0x76656c6f || view.getInt32(c.at + 8) !== 0x7065223a)) {
    c.at += 12;
    v1 = read12(c, d - 1);
    if (v1 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x7475726e || view.getInt32(c.at + 8) !== 0x6564223a) return undefined;
  c.at += 12;
  const v2 = read16(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { child: v0, returned: v2 };
  if (v1 !== undefined) members["envelope"] = v1;
  return members;
}

function read19(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226279 || view.getInt32(c.at + 4) !== 0x74657322 || view.getInt32(c.at + 5) !== 0x6573223a) return undefined;
  c.at += 9;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226469 || view.getInt32(c.at + 4) !== 0x67657374 || view.getInt32(c.at + 6) !== 0x7374223a) return undefined;
  c.at += 10;
  const v1 = read4(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226d65 || view.getInt32(c.at + 4) !== 0x64696154 || view.getInt32(c.at + 8) !== 0x79706522 || view.getInt32(c.at + 9) !== 0x7065223a) return undefined;
  c.at += 13;
  const v2 = read1(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { bytes: v0, digest: v1, mediaType: v2 };
}

function read20(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22626c || view.getInt32(c.at + 4) !== 0x6f62223a) return undefined;
  c.at += 8;
  const v0 = read19(c, d - 1);
  if (v0 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { blob: v0 };
}

function read21(c: Cursor, d: number): unknown {
  const { at, shift } = c;
  let v: unknown;
  if ((v = read12(c, d)) !== undefined) return v;
  c.at = at;
  c.shift = shift;
  return read20(c, d);
}

function read22(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x226f7267 || view.getInt32(c.at + 4) !== 0x616e6973 || view.getInt32(c.at + 8) !== 0x6174696f || view.getInt32(c.at + 10) !== 0x696f6e22)) {
    c.at += 14;
    return "organisation";
  }
  if (!(view.getInt32(c.at) !== 0x2274656e || view.getInt32(c.at + 4) !== 0x616e7422)) {
    c.at += 8;
    return "tenant";
  }
  if (!(view.getInt32(c.at) !== 0x22726570 || view.getInt32(c.at + 4) !== 0x6f736974 || view.getInt32(c.at + 8) !== 0x6f727922)) {
    c.at += 12;
    return "repository";
  }
  if (!(view.getInt32(c.at) !== 0x2272756e || view.getInt32(c.at + 1) !== 0x72756e22)) {
    c.at += 5;
    return "run";
  }
  return undefined;
}

function read23(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226163 || view.getInt32(c.at + 4) !== 0x74697661 || view.getInt32(c.at + 8) !== 0x74696f6e || view.getInt32(c.at + 10) !== 0x6f6e223a) return undefined;
  c.at += 14;
  const v0 = read12(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226275 || view.getInt32(c.at + 4) !== 0x6e646c65 || view.getInt32(c.at + 6) !== 0x6c65223a) return undefined;
  c.at += 10;
  const v1 = read4(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22656e || view.getInt32(c.at + 4) !== 0x76656c6f || view.getInt32(c.at + 8) !== 0x7065223a) return undefined;
  c.at += 12;
  const v2 = read21(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226c65 || view.getInt32(c.at + 4) !== 0x76656c22 || view.getInt32(c.at + 5) !== 0x656c223a) return undefined;
  c.at += 9;
  const v3 = read22(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22706f || view.getInt32(c.at + 4) !== 0x6c696379 || view.getInt32(c.at + 8) !== 0x53657422 || view.getInt32(c.at + 9) !== 0x6574223a) return undefined;
  c.at += 13;
  const v4 = read4(c, d - 1);
  if (v4 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { activation: v0, bundle: v1, envelope: v2, level: v3, policySet: v4 };
}

function read24(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226275 || view.getInt32(c.at + 4) !== 0x6e646c65 || view.getInt32(c.at + 6) !== 0x6c65223a) return undefined;
  c.at += 10;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22656e || view.getInt32(c.at + 4) !== 0x76656c6f || view.getInt32(c.at + 8) !== 0x7065223a) return undefined;
  c.at += 12;
  const v1 = read12(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226c65 || view.getInt32(c.at + 4) !== 0x76656c22 || view.getInt32(c.at + 5) !== 0x656c223a) return undefined;
  c.at += 9;
  const v2 = read22(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226e61 || view.getInt32(c.at + 4) !== 0x6d65223a) return undefined;
  c.at += 8;
  const v3 = read1(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22706f || view.getInt32(c.at + 4) !== 0x6c696379 || view.getInt32(c.at + 8) !== 0x53657422 || view.getInt32(c.at + 9) !== 0x6574223a) return undefined;
  c.at += 13;
  const v4 = read4(c, d - 1);
  if (v4 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { bundle: v0, envelope: v1, level: v2, name: v3, policySet: v4 };
}

function read25(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226275 || view.getInt32(c.at + 4) !== 0x6e646c65 || view.getInt32(c.at + 6) !== 0x6c65223a) return undefined;
  c.at += 10;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22656e || view.getInt32(c.at + 4) !== 0x76656c6f || view.getInt32(c.at + 8) !== 0x7065223a) return undefined;
  c.at += 12;
  const v1 = read12(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227072 || view.getInt32(c.at + 4) !== 0x6f706f73 || view.getInt32(c.at + 8) !== 0x616c223a) return undefined;
  c.at += 12;
  const v2 = read12(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { bundle: v0, envelope: v1, proposal: v2 };
}

function read26(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x226e6174 || view.getInt32(c.at + 4) !== 0x69766522)) {
    c.at += 8;
    return "native";
  }
  if (!(view.getInt32(c.at) !== 0x22726f6c || view.getInt32(c.at + 4) !== 0x6c626163 || view.getInt32(c.at + 6) !== 0x61636b22)) {
    c.at += 10;
    return "rollback";
  }
  if (!(view.getInt32(c.at) !== 0x226d6370 || view.getInt32(c.at + 1) !== 0x6d637022)) {
    c.at += 5;
    return "mcp";
  }
  return undefined;
}

function read27(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226b69 || view.getInt32(c.at + 4) !== 0x6e64223a) return undefined;
  c.at += 8;
  const v0 = read26(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226d6f || view.getInt32(c.at + 4) !== 0x64656c22 || view.getInt32(c.at + 5) !== 0x656c223a) return undefined;
  c.at += 9;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227768 || view.getInt32(c.at + 3) !== 0x6879223a) return undefined;
  c.at += 7;
  const v2 = read1(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { kind: v0, model: v1, why: v2 };
}

function read28(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22636f || view.getInt32(c.at + 4) !== 0x6e747261 || view.getInt32(c.at + 8) !== 0x6374223a) return undefined;
  c.at += 12;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226e61 || view.getInt32(c.at + 4) !== 0x6d65223a) return undefined;
  c.at += 8;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { contract: v0, name: v1 };
}

function read29(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read28(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read30(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read1(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read31(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226170 || view.getInt32(c.at + 4) !== 0x70726f76 || view.getInt32(c.at + 8) !== 0x616c4d73 || view.getInt32(c.at + 10) !== 0x4d73223a) return undefined;
  c.at += 14;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226f75 || view.getInt32(c.at + 4) !== 0x74707574 || view.getInt32(c.at + 8) !== 0x546f6b65 || view.getInt32(c.at + 12) !== 0x6e73223a) return undefined;
  c.at += 16;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x74726965 || view.getInt32(c.at + 7) !== 0x6573223a) return undefined;
  c.at += 11;
  const v2 = read0(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227475 || view.getInt32(c.at + 4) !== 0x726e7322 || view.getInt32(c.at + 5) !== 0x6e73223a) return undefined;
  c.at += 9;
  const v3 = read0(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227761 || view.getInt32(c.at + 4) !== 0x6c6c4d73 || view.getInt32(c.at + 6) !== 0x4d73223a) return undefined;
  c.at += 10;
  const v4 = read0(c, d - 1);
  if (v4 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { approvalMs: v0, outputTokens: v1, retries: v2, turns: v3, wallMs: v4 };
}

function read32(c: Cursor, d: number): unknown {
  return c.any(d);
}

function read33(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22696e || view.getInt32(c.at + 4) !== 0x6c696e65 || view.getInt32(c.at + 6) !== 0x6e65223a) return undefined;
  c.at += 10;
  const v0 = read32(c, d - 1);
  if (v0 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { inline: v0 };
}

function read34(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226279 || view.getInt32(c.at + 4) !== 0x74657322 || view.getInt32(c.at + 5) !== 0x6573223a) return undefined;
  c.at += 9;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226469 || view.getInt32(c.at + 4) !== 0x67657374 || view.getInt32(c.at + 6) !== 0x7374223a) return undefined;
  c.at += 10;
  const v1 = read4(c, d - 1);
  if (v1 === undefined) return undefined;
  let v2: unknown;
  if (!(view.getInt32(c.at) !== 0x2c226b65 || view.getInt32(c.at + 3) !== 0x6579223a)) {
    c.at += 7;
    v2 = read4(c, d - 1);
    if (v2 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c226d65 || view.getInt32(c.at + 4) !== 0x64696154 || view.getInt32(c.at + 8) !== 0x79706522 || view.getInt32(c.at + 9) !== 0x7065223a) return undefined;
  c.at += 13;
  const v3 = read1(c, d - 1);
  if (v3 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { bytes: v0, digest: v1, mediaType: v3 };
  if (v2 !== undefined) members["key"] = v2;
  return members;
}

function read35(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22626c || view.getInt32(c.at + 4) !== 0x6f62223a) return undefined;
  c.at += 8;
  const v0 = read34(c, d - 1);
  if (v0 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { blob: v0 };
}

function read36(c: Cursor, d: number): unknown {
  const { at, shift } = c;
  let v: unknown;
  if ((v = read33(c, d)) !== undefined) return v;
  c.at = at;
  c.shift = shift;
  return read35(c, d);
}

function read37(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226275 || view.getInt32(c.at + 4) !== 0x6e646c65 || view.getInt32(c.at + 6) !== 0x6c65223a) return undefined;
  c.at += 10;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22656e || view.getInt32(c.at + 4) !== 0x76656c6f || view.getInt32(c.at + 8) !== 0x7065223a) return undefined;
  c.at += 12;
  const v1 = read36(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { bundle: v0, envelope: v1 };
}

function read38(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read37(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read39(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226361 || view.getInt32(c.at + 4) !== 0x63686564 || view.getInt32(c.at + 8) !== 0x496e7075 || view.getInt32(c.at + 12) !== 0x744d6963 || view.getInt32(c.at + 16) !== 0x726f7573 || view.getInt32(c.at + 19) !== 0x7364223a) return undefined;
  c.at += 23;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22696e || view.getInt32(c.at + 4) !== 0x7075744d || view.getInt32(c.at + 8) !== 0x6963726f || view.getInt32(c.at + 12) !== 0x75736422 || view.getInt32(c.at + 13) !== 0x7364223a) return undefined;
  c.at += 17;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226f75 || view.getInt32(c.at + 4) !== 0x74707574 || view.getInt32(c.at + 8) !== 0x4d696372 || view.getInt32(c.at + 12) !== 0x6f757364 || view.getInt32(c.at + 14) !== 0x7364223a) return undefined;
  c.at += 18;
  const v2 = read0(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22736f || view.getInt32(c.at + 4) !== 0x75726365 || view.getInt32(c.at + 6) !== 0x6365223a) return undefined;
  c.at += 10;
  const v3 = read1(c, d - 1);
  if (v3 === undefined) return undefined;
  let v4: unknown;
  if (!(view.getInt32(c.at) !== 0x2c227461 || view.getInt32(c.at + 4) !== 0x626c6522 || view.getInt32(c.at + 5) !== 0x6c65223a)) {
    c.at += 9;
    v4 = read4(c, d - 1);
    if (v4 === undefined) return undefined;
  }
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { cachedInputMicrousd: v0, inputMicrousd: v1, outputMicrousd: v2, source: v3 };
  if (v4 !== undefined) members["table"] = v4;
  return members;
}

function read40(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x226c6f77 || view.getInt32(c.at + 1) !== 0x6c6f7722)) {
    c.at += 5;
    return "low";
  }
  if (!(view.getInt32(c.at) !== 0x226d6564 || view.getInt32(c.at + 4) !== 0x69756d22)) {
    c.at += 8;
    return "medium";
  }
  if (!(view.getInt32(c.at) !== 0x22686967 || view.getInt32(c.at + 2) !== 0x69676822)) {
    c.at += 6;
    return "high";
  }
  if (!(view.getInt32(c.at) !== 0x22637269 || view.getInt32(c.at + 4) !== 0x74696361 || view.getInt32(c.at + 6) !== 0x63616c22)) {
    c.at += 10;
    return "critical";
  }
  return undefined;
}

function read41(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read6(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read42(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22746f || view.getInt32(c.at + 2) !== 0x746f223a) return undefined;
  c.at += 6;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  let v1: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22746f || view.getInt32(c.at + 4) !== 0x53617665 || view.getInt32(c.at + 8) !== 0x706f696e || view.getInt32(c.at + 11) !== 0x6e74223a)) {
    c.at += 15;
    v1 = read1(c, d - 1);
    if (v1 === undefined) return undefined;
  }
  let v2: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22756e || view.getInt32(c.at + 4) !== 0x646f696e || view.getInt32(c.at + 7) !== 0x6e67223a)) {
    c.at += 11;
    v2 = read4(c, d - 1);
    if (v2 === undefined) return undefined;
  }
  let v3: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22756e || view.getInt32(c.at + 4) !== 0x646f6e65 || view.getInt32(c.at + 8) !== 0x46697273 || view.getInt32(c.at + 11) !== 0x7374223a)) {
    c.at += 15;
    v3 = read41(c, d - 1);
    if (v3 === undefined) return undefined;
  }
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { to: v0 };
  if (v1 !== undefined) members["toSavepoint"] = v1;
  if (v2 !== undefined) members["undoing"] = v2;
  if (v3 !== undefined) members["undoneFirst"] = v3;
  return members;
}

function read43(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226279 || view.getInt32(c.at + 2) !== 0x6279223a) return undefined;
  c.at += 6;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226c69 || view.getInt32(c.at + 4) !== 0x6d697422 || view.getInt32(c.at + 5) !== 0x6974223a) return undefined;
  c.at += 9;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226d6f || view.getInt32(c.at + 4) !== 0x7374223a) return undefined;
  c.at += 8;
  const v2 = read0(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { by: v0, limit: v1, most: v2 };
}

function read44(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read43(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read45(c: Cursor, d: number): unknown {
  return c.boolean();
}

function read46(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22656e || view.getInt32(c.at + 4) !== 0x666f7263 || view.getInt32(c.at + 8) !== 0x6564223a) return undefined;
  c.at += 12;
  const v0 = read30(c, d - 1);
  if (v0 === undefined) return undefined;
  let v1: unknown;
  if (!(view.getInt32(c.at) !== 0x2c226c69 || view.getInt32(c.at + 4) !== 0x6d697473 || view.getInt32(c.at + 6) !== 0x7473223a)) {
    c.at += 10;
    v1 = read44(c, d - 1);
    if (v1 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c226d69 || view.getInt32(c.at + 4) !== 0x7373696e || view.getInt32(c.at + 7) !== 0x6e67223a) return undefined;
  c.at += 11;
  const v2 = read30(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227072 || view.getInt32(c.at + 4) !== 0x6f766964 || view.getInt32(c.at + 8) !== 0x6572223a) return undefined;
  c.at += 12;
  const v3 = read1(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22756e || view.getInt32(c.at + 4) !== 0x73616665 || view.getInt32(c.at + 6) !== 0x6665223a) return undefined;
  c.at += 10;
  const v4 = read45(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227665 || view.getInt32(c.at + 4) !== 0x7273696f || view.getInt32(c.at + 7) !== 0x6f6e223a) return undefined;
  c.at += 11;
  const v5 = read1(c, d - 1);
  if (v5 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { enforced: v0, missing: v2, provider: v3, unsafe: v4, version: v5 };
  if (v1 !== undefined) members["limits"] = v1;
  return members;
}

function read47(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226b65 || view.getInt32(c.at + 3) !== 0x6579223a) return undefined;
  c.at += 7;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227461 || view.getInt32(c.at + 4) !== 0x736b223a) return undefined;
  c.at += 8;
  const v1 = read36(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { key: v0, task: v1 };
}

function read48(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b227061 || view.getInt32(c.at + 4) !== 0x7468223a) return undefined;
  c.at += 8;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227768 || view.getInt32(c.at + 3) !== 0x6879223a) return undefined;
  c.at += 7;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { path: v0, why: v1 };
}

function read49(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read48(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read50(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226261 || view.getInt32(c.at + 4) !== 0x7365436f || view.getInt32(c.at + 8) !== 0x6d6d6974 || view.getInt32(c.at + 10) !== 0x6974223a) return undefined;
  c.at += 14;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226272 || view.getInt32(c.at + 4) !== 0x616e6368 || view.getInt32(c.at + 6) !== 0x6368223a) return undefined;
  c.at += 10;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226f75 || view.getInt32(c.at + 4) !== 0x74736964 || view.getInt32(c.at + 7) !== 0x6465223a) return undefined;
  c.at += 11;
  const v2 = read49(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x706f7369 || view.getInt32(c.at + 8) !== 0x746f7279 || view.getInt32(c.at + 10) !== 0x7279223a) return undefined;
  c.at += 14;
  const v3 = read1(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227472 || view.getInt32(c.at + 4) !== 0x6565223a) return undefined;
  c.at += 8;
  const v4 = read1(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22776f || view.getInt32(c.at + 4) !== 0x726b7472 || view.getInt32(c.at + 8) !== 0x6565223a) return undefined;
  c.at += 12;
  const v5 = read1(c, d - 1);
  if (v5 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { baseCommit: v0, branch: v1, outside: v2, repository: v3, tree: v4, worktree: v5 };
}

function read51(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226163 || view.getInt32(c.at + 4) !== 0x746f7222 || view.getInt32(c.at + 5) !== 0x6f72223a) return undefined;
  c.at += 9;
  const v0 = read3(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226167 || view.getInt32(c.at + 4) !== 0x656e7422 || view.getInt32(c.at + 5) !== 0x6e74223a) return undefined;
  c.at += 9;
  const v1 = read27(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226361 || view.getInt32(c.at + 4) !== 0x70616269 || view.getInt32(c.at + 8) !== 0x6c697469 || view.getInt32(c.at + 12) !== 0x6573223a) return undefined;
  c.at += 16;
  const v2 = read29(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x6e747261 || view.getInt32(c.at + 8) !== 0x63744469 || view.getInt32(c.at + 12) !== 0x67657374 || view.getInt32(c.at + 14) !== 0x7374223a) return undefined;
  c.at += 18;
  const v3 = read4(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226761 || view.getInt32(c.at + 4) !== 0x74657322 || view.getInt32(c.at + 5) !== 0x6573223a) return undefined;
  c.at += 9;
  const v4 = read30(c, d - 1);
  if (v4 === undefined) return undefined;
  let v5: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22696e || view.getInt32(c.at + 4) !== 0x69746961 || view.getInt32(c.at + 8) !== 0x74697665 || view.getInt32(c.at + 10) !== 0x7665223a)) {
    c.at += 14;
    v5 = read1(c, d - 1);
    if (v5 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c226c69 || view.getInt32(c.at + 4) !== 0x6d697473 || view.getInt32(c.at + 6) !== 0x7473223a) return undefined;
  c.at += 10;
  const v6 = read31(c, d - 1);
  if (v6 === undefined) return undefined;
  let v7: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22706c || view.getInt32(c.at + 4) !== 0x616e223a)) {
    c.at += 8;
    v7 = read1(c, d - 1);
    if (v7 === undefined) return undefined;
  }
  let v8: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22706f || view.getInt32(c.at + 4) !== 0x6c696369 || view.getInt32(c.at + 8) !== 0x6573223a)) {
    c.at += 12;
    v8 = read38(c, d - 1);
    if (v8 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c22706f || view.getInt32(c.at + 4) !== 0x6c696379 || view.getInt32(c.at + 8) !== 0x53657444 || view.getInt32(c.at + 12) !== 0x69676573 || view.getInt32(c.at + 15) !== 0x7374223a) return undefined;
  c.at += 19;
  const v9 = read4(c, d - 1);
  if (v9 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227072 || view.getInt32(c.at + 4) !== 0x69636522 || view.getInt32(c.at + 5) !== 0x6365223a) return undefined;
  c.at += 9;
  const v10 = read39(c, d - 1);
  if (v10 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227072 || view.getInt32(c.at + 4) !== 0x6f746563 || view.getInt32(c.at + 8) !== 0x74656450 || view.getInt32(c.at + 12) !== 0x61746873 || view.getInt32(c.at + 14) !== 0x6873223a) return undefined;
  c.at += 18;
  const v11 = read30(c, d - 1);
  if (v11 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227269 || view.getInt32(c.at + 4) !== 0x736b5468 || view.getInt32(c.at + 8) !== 0x72657368 || view.getInt32(c.at + 12) !== 0x6f6c6422 || view.getInt32(c.at + 13) !== 0x6c64223a) return undefined;
  c.at += 17;
  const v12 = read40(c, d - 1);
  if (v12 === undefined) return undefined;
  let v13: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22726f || view.getInt32(c.at + 4) !== 0x6c6c6261 || view.getInt32(c.at + 8) !== 0x636b223a)) {
    c.at += 12;
    v13 = read42(c, d - 1);
    if (v13 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c227361 || view.getInt32(c.at + 4) !== 0x6e64626f || view.getInt32(c.at + 7) !== 0x6f78223a) return undefined;
  c.at += 11;
  const v14 = read46(c, d - 1);
  if (v14 === undefined) return undefined;
  let v15: unknown;
  if (!(view.getInt32(c.at) !== 0x2c227375 || view.getInt32(c.at + 4) !== 0x626a6563 || view.getInt32(c.at + 7) !== 0x6374223a)) {
    c.at += 11;
    v15 = read47(c, d - 1);
    if (v15 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c227461 || view.getInt32(c.at + 4) !== 0x736b223a) return undefined;
  c.at += 8;
  const v16 = read1(c, d - 1);
  if (v16 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22776f || view.getInt32(c.at + 4) !== 0x726b7370 || view.getInt32(c.at + 8) !== 0x61636522 || view.getInt32(c.at + 9) !== 0x6365223a) return undefined;
  c.at += 13;
  const v17 = read50(c, d - 1);
  if (v17 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227772 || view.getInt32(c.at + 4) !== 0x6974223a) return undefined;
  c.at += 8;
  const v18 = read4(c, d - 1);
  if (v18 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { actor: v0, agent: v1, capabilities: v2, contractDigest: v3, gates: v4, limits: v6, policySetDigest: v9, price: v10, protectedPaths: v11, riskThreshold: v12, sandbox: v14, task: v16, workspace: v17, writ: v18 };
  if (v5 !== undefined) members["initiative"] = v5;
  if (v7 !== undefined) members["plan"] = v7;
  if (v8 !== undefined) members["policies"] = v8;
  if (v13 !== undefined) members["rollback"] = v13;
  if (v15 !== undefined) members["subject"] = v15;
  return members;
}

function read52(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x22707574 || view.getInt32(c.at + 1) !== 0x70757422)) {
    c.at += 5;
    return "put";
  }
  return undefined;
}

function read53(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226578 || view.getInt32(c.at + 4) !== 0x70656374 || view.getInt32(c.at + 6) !== 0x6374223a) return undefined;
  c.at += 10;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226b65 || view.getInt32(c.at + 3) !== 0x6579223a) return undefined;
  c.at += 7;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226f70 || view.getInt32(c.at + 2) !== 0x6f70223a) return undefined;
  c.at += 6;
  const v2 = read52(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227661 || view.getInt32(c.at + 4) !== 0x6c756522 || view.getInt32(c.at + 5) !== 0x7565223a) return undefined;
  c.at += 9;
  const v3 = read32(c, d - 1);
  if (v3 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { expect: v0, key: v1, op: v2, value: v3 };
}

function read54(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x2264656c || view.getInt32(c.at + 4) !== 0x65746522)) {
    c.at += 8;
    return "delete";
  }
  return undefined;
}

function read55(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226578 || view.getInt32(c.at + 4) !== 0x70656374 || view.getInt32(c.at + 6) !== 0x6374223a) return undefined;
  c.at += 10;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226b65 || view.getInt32(c.at + 3) !== 0x6579223a) return undefined;
  c.at += 7;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226f70 || view.getInt32(c.at + 2) !== 0x6f70223a) return undefined;
  c.at += 6;
  const v2 = read54(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { expect: v0, key: v1, op: v2 };
}

function read56(c: Cursor, d: number): unknown {
  const { at, shift } = c;
  let v: unknown;
  if ((v = read53(c, d)) !== undefined) return v;
  c.at = at;
  c.shift = shift;
  return read55(c, d);
}

function read57(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read56(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read58(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226465 || view.getInt32(c.at + 4) !== 0x6c746122 || view.getInt32(c.at + 5) !== 0x7461223a) return undefined;
  c.at += 9;
  const v0 = read57(c, d - 1);
  if (v0 === undefined) return undefined;
  let v1: unknown;
  if (!(view.getInt32(c.at) !== 0x2c226567 || view.getInt32(c.at + 4) !== 0x72657373 || view.getInt32(c.at + 8) !== 0x41667465 || view.getInt32(c.at + 12) !== 0x72556e74 || view.getInt32(c.at + 16) !== 0x72757374 || view.getInt32(c.at + 20) !== 0x6564223a)) {
    c.at += 24;
    v1 = read0(c, d - 1);
    if (v1 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c22656e || view.getInt32(c.at + 4) !== 0x74727922 || view.getInt32(c.at + 5) !== 0x7279223a) return undefined;
  c.at += 9;
  const v2 = read4(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226c61 || view.getInt32(c.at + 4) !== 0x62656c73 || view.getInt32(c.at + 6) !== 0x6c73223a) return undefined;
  c.at += 10;
  const v3 = read30(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227365 || view.getInt32(c.at + 3) !== 0x6571223a) return undefined;
  c.at += 7;
  const v4 = read0(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22736f || view.getInt32(c.at + 4) !== 0x75726365 || view.getInt32(c.at + 6) !== 0x6365223a) return undefined;
  c.at += 10;
  const v5 = read6(c, d - 1);
  if (v5 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22776f || view.getInt32(c.at + 4) !== 0x726c6444 || view.getInt32(c.at + 8) !== 0x69676573 || view.getInt32(c.at + 11) !== 0x7374223a) return undefined;
  c.at += 15;
  const v6 = read4(c, d - 1);
  if (v6 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { delta: v0, entry: v2, labels: v3, seq: v4, source: v5, worldDigest: v6 };
  if (v1 !== undefined) members["egressAfterUntrusted"] = v1;
  return members;
}

function read59(c: Cursor, d: number): unknown {
  if (c.takesNull()) return null;
  return read1(c, d);
}

function read60(c: Cursor, d: number): unknown {
  return c.integer(-9007199254740991, 9007199254740991);
}

function read61(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226163 || view.getInt32(c.at + 4) !== 0x74696f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x6d6d616e || view.getInt32(c.at + 7) !== 0x6e64223a) return undefined;
  c.at += 11;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226578 || view.getInt32(c.at + 4) !== 0x6974436f || view.getInt32(c.at + 8) !== 0x6465223a) return undefined;
  c.at += 12;
  const v2 = read60(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227061 || view.getInt32(c.at + 4) !== 0x73736564 || view.getInt32(c.at + 6) !== 0x6564223a) return undefined;
  c.at += 10;
  const v3 = read45(c, d - 1);
  if (v3 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { action: v0, command: v1, exitCode: v2, passed: v3 };
}

function read62(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read61(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read63(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x22737563 || view.getInt32(c.at + 4) !== 0x63656564 || view.getInt32(c.at + 7) !== 0x64656422)) {
    c.at += 11;
    return "succeeded";
  }
  if (!(view.getInt32(c.at) !== 0x22666169 || view.getInt32(c.at + 4) !== 0x6c656422)) {
    c.at += 8;
    return "failed";
  }
  if (!(view.getInt32(c.at) !== 0x2263616e || view.getInt32(c.at + 4) !== 0x63656c6c || view.getInt32(c.at + 7) !== 0x6c656422)) {
    c.at += 11;
    return "cancelled";
  }
  if (!(view.getInt32(c.at) !== 0x22657868 || view.getInt32(c.at + 4) !== 0x61757374 || view.getInt32(c.at + 7) !== 0x74656422)) {
    c.at += 11;
    return "exhausted";
  }
  return undefined;
}

function read64(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22636f || view.getInt32(c.at + 4) !== 0x6d6d6974 || view.getInt32(c.at + 6) !== 0x6974223a) return undefined;
  c.at += 10;
  const v0 = read59(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226761 || view.getInt32(c.at + 4) !== 0x74657322 || view.getInt32(c.at + 5) !== 0x6573223a) return undefined;
  c.at += 9;
  const v1 = read62(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226f75 || view.getInt32(c.at + 4) !== 0x74636f6d || view.getInt32(c.at + 7) !== 0x6d65223a) return undefined;
  c.at += 11;
  const v2 = read63(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x61736f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v3 = read1(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227370 || view.getInt32(c.at + 4) !== 0x656e7422 || view.getInt32(c.at + 5) !== 0x6e74223a) return undefined;
  c.at += 9;
  const v4 = read16(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227472 || view.getInt32(c.at + 4) !== 0x6565223a) return undefined;
  c.at += 8;
  const v5 = read1(c, d - 1);
  if (v5 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22776f || view.getInt32(c.at + 4) !== 0x726c6444 || view.getInt32(c.at + 8) !== 0x69676573 || view.getInt32(c.at + 11) !== 0x7374223a) return undefined;
  c.at += 15;
  const v6 = read4(c, d - 1);
  if (v6 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { commit: v0, gates: v1, outcome: v2, reason: v3, spent: v4, tree: v5, worldDigest: v6 };
}

function read65(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b227475 || view.getInt32(c.at + 4) !== 0x726e223a) return undefined;
  c.at += 8;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { turn: v0 };
}

function read66(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22636f || view.getInt32(c.at + 4) !== 0x73744d69 || view.getInt32(c.at + 8) !== 0x63726f75 || view.getInt32(c.at + 12) !== 0x7364223a) return undefined;
  c.at += 16;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22746f || view.getInt32(c.at + 4) !== 0x6b656e73 || view.getInt32(c.at + 6) !== 0x6e73223a) return undefined;
  c.at += 10;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { costMicrousd: v0, tokens: v1 };
}

function read67(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226174 || view.getInt32(c.at + 4) !== 0x74656d70 || view.getInt32(c.at + 7) !== 0x7074223a) return undefined;
  c.at += 11;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226d65 || view.getInt32(c.at + 4) !== 0x73736167 || view.getInt32(c.at + 8) !== 0x6573223a) return undefined;
  c.at += 12;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226d6f || view.getInt32(c.at + 4) !== 0x64656c22 || view.getInt32(c.at + 5) !== 0x656c223a) return undefined;
  c.at += 9;
  const v2 = read1(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x71756573 || view.getInt32(c.at + 7) !== 0x7374223a) return undefined;
  c.at += 11;
  const v3 = read4(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x73657276 || view.getInt32(c.at + 8) !== 0x6564223a) return undefined;
  c.at += 12;
  const v4 = read66(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227475 || view.getInt32(c.at + 4) !== 0x726e223a) return undefined;
  c.at += 8;
  const v5 = read0(c, d - 1);
  if (v5 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { attempt: v0, messages: v1, model: v2, request: v3, reserved: v4, turn: v5 };
}

const form70 = new RegExp("^(?:[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,95}|\\[redacted:[a-z0-9-]{1,32}\\])$", 'u');

function read68(c: Cursor, d: number): unknown {
  const v = c.text();
  return v !== undefined && form70.test(v) ? v : undefined;
}

function read69(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    if (items.length === 8) return undefined;
    const v = read68(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read70(c: Cursor, d: number): unknown {
  return c.integer(0, 10000);
}

const form74 = new RegExp("^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$", 'u');

function read71(c: Cursor, d: number): unknown {
  const v = c.text();
  return v !== undefined && form74.test(v) ? v : undefined;
}

function read72(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b227265 || view.getInt32(c.at + 4) !== 0x61736f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v0 = read71(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227365 || view.getInt32(c.at + 4) !== 0x6c656374 || view.getInt32(c.at + 8) !== 0x6564223a) return undefined;
  c.at += 12;
  const v1 = read68(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { reason: v0, selected: v1 };
}

function read73(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    if (items.length === 8) return undefined;
    const v = read71(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read74(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22616c || view.getInt32(c.at + 4) !== 0x7465726e || view.getInt32(c.at + 8) !== 0x61746976 || view.getInt32(c.at + 12) !== 0x6573223a) return undefined;
  c.at += 16;
  const v0 = read69(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x6e666964 || view.getInt32(c.at + 8) !== 0x656e6365 || view.getInt32(c.at + 12) !== 0x42707322 || view.getInt32(c.at + 13) !== 0x7073223a) return undefined;
  c.at += 17;
  const v1 = read70(c, d - 1);
  if (v1 === undefined) return undefined;
  let v2: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x73744573 || view.getInt32(c.at + 8) !== 0x74696d61 || view.getInt32(c.at + 12) !== 0x74654d69 || view.getInt32(c.at + 16) !== 0x63726f75 || view.getInt32(c.at + 20) !== 0x7364223a)) {
    c.at += 24;
    v2 = read0(c, d - 1);
    if (v2 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c226465 || view.getInt32(c.at + 4) !== 0x63697369 || view.getInt32(c.at + 8) !== 0x6f6e223a) return undefined;
  c.at += 12;
  const v3 = read4(c, d - 1);
  if (v3 === undefined) return undefined;
  let v4: unknown;
  if (!(view.getInt32(c.at) !== 0x2c226661 || view.getInt32(c.at + 4) !== 0x6c6c6261 || view.getInt32(c.at + 8) !== 0x636b223a)) {
    c.at += 12;
    v4 = read72(c, d - 1);
    if (v4 === undefined) return undefined;
  }
  let v5: unknown;
  if (!(view.getInt32(c.at) !== 0x2c226c61 || view.getInt32(c.at + 4) !== 0x74656e63 || view.getInt32(c.at + 8) !== 0x79457374 || view.getInt32(c.at + 12) !== 0x696d6174 || view.getInt32(c.at + 16) !== 0x654d7322 || view.getInt32(c.at + 17) !== 0x4d73223a)) {
    c.at += 21;
    v5 = read0(c, d - 1);
    if (v5 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x61736f6e || view.getInt32(c.at + 7) !== 0x6e73223a) return undefined;
  c.at += 11;
  const v6 = read73(c, d - 1);
  if (v6 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227365 || view.getInt32(c.at + 4) !== 0x6c656374 || view.getInt32(c.at + 8) !== 0x6564223a) return undefined;
  c.at += 12;
  const v7 = read68(c, d - 1);
  if (v7 === undefined) return undefined;
  let v8: unknown;
  if (!(view.getInt32(c.at) !== 0x2c227365 || view.getInt32(c.at + 4) !== 0x7269616c || view.getInt32(c.at + 6) !== 0x616c223a)) {
    c.at += 10;
    v8 = read0(c, d - 1);
    if (v8 === undefined) return undefined;
  }
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { alternatives: v0, confidenceBps: v1, decision: v3, reasons: v6, selected: v7 };
  if (v2 !== undefined) members["costEstimateMicrousd"] = v2;
  if (v4 !== undefined) members["fallback"] = v4;
  if (v5 !== undefined) members["latencyEstimateMs"] = v5;
  if (v8 !== undefined) members["serial"] = v8;
  return members;
}

function read75(c: Cursor, d: number): unknown {
  const v = c.text();
  return v !== undefined && [...v].length <= 200 ? v : undefined;
}

function read76(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226d61 || view.getInt32(c.at + 4) !== 0x6c666f72 || view.getInt32(c.at + 8) !== 0x6d656422 || view.getInt32(c.at + 9) !== 0x6564223a) return undefined;
  c.at += 13;
  const v0 = read75(c, d - 1);
  if (v0 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { malformed: v0 };
}

function read77(c: Cursor, d: number): unknown {
  const { at, shift } = c;
  let v: unknown;
  if ((v = read74(c, d)) !== undefined) return v;
  c.at = at;
  c.shift = shift;
  return read76(c, d);
}

function read78(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226172 || view.getInt32(c.at + 4) !== 0x6773223a) return undefined;
  c.at += 8;
  const v0 = read36(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226964 || view.getInt32(c.at + 2) !== 0x6964223a) return undefined;
  c.at += 6;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226d61 || view.getInt32(c.at + 4) !== 0x6c666f72 || view.getInt32(c.at + 8) !== 0x6d656422 || view.getInt32(c.at + 9) !== 0x6564223a) return undefined;
  c.at += 13;
  const v2 = read45(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226e61 || view.getInt32(c.at + 4) !== 0x6d65223a) return undefined;
  c.at += 8;
  const v3 = read1(c, d - 1);
  if (v3 === undefined) return undefined;
  let v4: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22726f || view.getInt32(c.at + 4) !== 0x7574696e || view.getInt32(c.at + 7) !== 0x6e67223a)) {
    c.at += 11;
    v4 = read77(c, d - 1);
    if (v4 === undefined) return undefined;
  }
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { args: v0, id: v1, malformed: v2, name: v3 };
  if (v4 !== undefined) members["routing"] = v4;
  return members;
}

function read79(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read78(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read80(c: Cursor, d: number): unknown {
  const v = c.text();
  return v !== undefined && [...v].length <= 128 ? v : undefined;
}

function read81(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x22656e64 || view.getInt32(c.at + 1) !== 0x656e6422)) {
    c.at += 5;
    return "end";
  }
  if (!(view.getInt32(c.at) !== 0x2263616c || view.getInt32(c.at + 3) !== 0x6c6c7322)) {
    c.at += 7;
    return "calls";
  }
  if (!(view.getInt32(c.at) !== 0x226c656e || view.getInt32(c.at + 4) !== 0x67746822)) {
    c.at += 8;
    return "length";
  }
  if (!(view.getInt32(c.at) !== 0x22726566 || view.getInt32(c.at + 4) !== 0x7573616c || view.getInt32(c.at + 5) !== 0x73616c22)) {
    c.at += 9;
    return "refusal";
  }
  if (!(view.getInt32(c.at) !== 0x226f7468 || view.getInt32(c.at + 3) !== 0x68657222)) {
    c.at += 7;
    return "other";
  }
  return undefined;
}

function read82(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226361 || view.getInt32(c.at + 4) !== 0x63686564 || view.getInt32(c.at + 8) !== 0x496e7075 || view.getInt32(c.at + 12) !== 0x74546f6b || view.getInt32(c.at + 16) !== 0x656e7322 || view.getInt32(c.at + 17) !== 0x6e73223a) return undefined;
  c.at += 21;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22696e || view.getInt32(c.at + 4) !== 0x70757454 || view.getInt32(c.at + 8) !== 0x6f6b656e || view.getInt32(c.at + 11) !== 0x6e73223a) return undefined;
  c.at += 15;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226f75 || view.getInt32(c.at + 4) !== 0x74707574 || view.getInt32(c.at + 8) !== 0x546f6b65 || view.getInt32(c.at + 12) !== 0x6e73223a) return undefined;
  c.at += 16;
  const v2 = read0(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { cachedInputTokens: v0, inputTokens: v1, outputTokens: v2 };
}

function read83(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226174 || view.getInt32(c.at + 4) !== 0x74656d70 || view.getInt32(c.at + 7) !== 0x7074223a) return undefined;
  c.at += 11;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226361 || view.getInt32(c.at + 4) !== 0x6c6c7322 || view.getInt32(c.at + 5) !== 0x6c73223a) return undefined;
  c.at += 9;
  const v1 = read79(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x7374223a) return undefined;
  c.at += 8;
  const v2 = read66(c, d - 1);
  if (v2 === undefined) return undefined;
  let v3: unknown;
  if (!(view.getInt32(c.at) !== 0x2c227365 || view.getInt32(c.at + 4) !== 0x72766564 || view.getInt32(c.at + 8) !== 0x4279223a)) {
    c.at += 12;
    v3 = read80(c, d - 1);
    if (v3 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c227374 || view.getInt32(c.at + 4) !== 0x6f70223a) return undefined;
  c.at += 8;
  const v4 = read81(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227465 || view.getInt32(c.at + 4) !== 0x7874223a) return undefined;
  c.at += 8;
  const v5 = read36(c, d - 1);
  if (v5 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227475 || view.getInt32(c.at + 4) !== 0x726e223a) return undefined;
  c.at += 8;
  const v6 = read0(c, d - 1);
  if (v6 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227573 || view.getInt32(c.at + 4) !== 0x61676522 || view.getInt32(c.at + 5) !== 0x6765223a) return undefined;
  c.at += 9;
  const v7 = read82(c, d - 1);
  if (v7 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { attempt: v0, calls: v1, cost: v2, stop: v4, text: v5, turn: v6, usage: v7 };
  if (v3 !== undefined) members["servedBy"] = v3;
  return members;
}

function read84(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x22746572 || view.getInt32(c.at + 4) !== 0x6d696e61 || view.getInt32(c.at + 6) !== 0x6e616c22)) {
    c.at += 10;
    return "terminal";
  }
  if (!(view.getInt32(c.at) !== 0x22726574 || view.getInt32(c.at + 4) !== 0x72796162 || view.getInt32(c.at + 7) !== 0x626c6522)) {
    c.at += 11;
    return "retryable";
  }
  if (!(view.getInt32(c.at) !== 0x22756e6b || view.getInt32(c.at + 4) !== 0x6e6f776e || view.getInt32(c.at + 5) !== 0x6f776e22)) {
    c.at += 9;
    return "unknown";
  }
  return undefined;
}

function read85(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22636c || view.getInt32(c.at + 4) !== 0x61737322 || view.getInt32(c.at + 5) !== 0x7373223a) return undefined;
  c.at += 9;
  const v0 = read84(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x6465223a) return undefined;
  c.at += 8;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226d65 || view.getInt32(c.at + 4) !== 0x73736167 || view.getInt32(c.at + 7) !== 0x6765223a) return undefined;
  c.at += 11;
  const v2 = read1(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { class: v0, code: v1, message: v2 };
}

function read86(c: Cursor, d: number): unknown {
  if (c.takesNull()) return null;
  return read0(c, d);
}

function read87(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226174 || view.getInt32(c.at + 4) !== 0x74656d70 || view.getInt32(c.at + 7) !== 0x7074223a) return undefined;
  c.at += 11;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x7374223a) return undefined;
  c.at += 8;
  const v1 = read66(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226661 || view.getInt32(c.at + 4) !== 0x696c7572 || view.getInt32(c.at + 7) !== 0x7265223a) return undefined;
  c.at += 11;
  const v2 = read85(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x74727949 || view.getInt32(c.at + 8) !== 0x6e4d7322 || view.getInt32(c.at + 9) !== 0x4d73223a) return undefined;
  c.at += 13;
  const v3 = read86(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227475 || view.getInt32(c.at + 4) !== 0x726e223a) return undefined;
  c.at += 8;
  const v4 = read0(c, d - 1);
  if (v4 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { attempt: v0, cost: v1, failure: v2, retryInMs: v3, turn: v4 };
}

function read88(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x226d6f64 || view.getInt32(c.at + 3) !== 0x64656c22)) {
    c.at += 7;
    return "model";
  }
  if (!(view.getInt32(c.at) !== 0x22676174 || view.getInt32(c.at + 2) !== 0x61746522)) {
    c.at += 6;
    return "gate";
  }
  if (!(view.getInt32(c.at) !== 0x2268756d || view.getInt32(c.at + 3) !== 0x6d616e22)) {
    c.at += 7;
    return "human";
  }
  if (!(view.getInt32(c.at) !== 0x22726f6c || view.getInt32(c.at + 4) !== 0x6c626163 || view.getInt32(c.at + 6) !== 0x61636b22)) {
    c.at += 10;
    return "rollback";
  }
  if (!(view.getInt32(c.at) !== 0x226d6370 || view.getInt32(c.at + 1) !== 0x6d637022)) {
    c.at += 5;
    return "mcp";
  }
  return undefined;
}

function read89(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226361 || view.getInt32(c.at + 4) !== 0x6c6c4964 || view.getInt32(c.at + 6) !== 0x4964223a) return undefined;
  c.at += 10;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226469 || view.getInt32(c.at + 4) !== 0x67657374 || view.getInt32(c.at + 6) !== 0x7374223a) return undefined;
  c.at += 10;
  const v1 = read4(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22696e || view.getInt32(c.at + 4) !== 0x74656e74 || view.getInt32(c.at + 6) !== 0x6e74223a) return undefined;
  c.at += 10;
  const from = c.index;
  const v2 = read36(c, d - 1);
  if (v2 === undefined) return undefined;
  c.setAside(from);
  if (view.getInt32(c.at) !== 0x2c226e6f || view.getInt32(c.at + 4) !== 0x6e636522 || view.getInt32(c.at + 5) !== 0x6365223a) return undefined;
  c.at += 9;
  const v3 = read59(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226f72 || view.getInt32(c.at + 4) !== 0x6967696e || view.getInt32(c.at + 6) !== 0x696e223a) return undefined;
  c.at += 10;
  const v4 = read88(c, d - 1);
  if (v4 === undefined) return undefined;
  let v5: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22726f || view.getInt32(c.at + 4) !== 0x7574696e || view.getInt32(c.at + 7) !== 0x6e67223a)) {
    c.at += 11;
    v5 = read74(c, d - 1);
    if (v5 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c227475 || view.getInt32(c.at + 4) !== 0x726e223a) return undefined;
  c.at += 8;
  const v6 = read0(c, d - 1);
  if (v6 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { callId: v0, digest: v1, intent: v2, nonce: v3, origin: v4, turn: v6 };
  if (v5 !== undefined) members["routing"] = v5;
  return members;
}

function read90(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226361 || view.getInt32(c.at + 4) !== 0x6c6c7322 || view.getInt32(c.at + 5) !== 0x6c73223a) return undefined;
  c.at += 9;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227475 || view.getInt32(c.at + 4) !== 0x726e223a) return undefined;
  c.at += 8;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { calls: v0, turn: v1 };
}

function read91(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x22746f6b || view.getInt32(c.at + 4) !== 0x656e7322)) {
    c.at += 8;
    return "tokens";
  }
  if (!(view.getInt32(c.at) !== 0x22636f73 || view.getInt32(c.at + 4) !== 0x744d6963 || view.getInt32(c.at + 8) !== 0x726f7573 || view.getInt32(c.at + 10) !== 0x75736422)) {
    c.at += 14;
    return "costMicrousd";
  }
  if (!(view.getInt32(c.at) !== 0x2263616c || view.getInt32(c.at + 3) !== 0x6c6c7322)) {
    c.at += 7;
    return "calls";
  }
  if (!(view.getInt32(c.at) !== 0x2277616c || view.getInt32(c.at + 4) !== 0x6c4d7322)) {
    c.at += 8;
    return "wallMs";
  }
  if (!(view.getInt32(c.at) !== 0x22637075 || view.getInt32(c.at + 3) !== 0x754d7322)) {
    c.at += 7;
    return "cpuMs";
  }
  if (!(view.getInt32(c.at) !== 0x22627974 || view.getInt32(c.at + 4) !== 0x65734f75 || view.getInt32(c.at + 6) !== 0x4f757422)) {
    c.at += 10;
    return "bytesOut";
  }
  return undefined;
}

function read92(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226469 || view.getInt32(c.at + 4) !== 0x6d656e73 || view.getInt32(c.at + 8) !== 0x696f6e22 || view.getInt32(c.at + 9) !== 0x6f6e223a) return undefined;
  c.at += 13;
  const v0 = read91(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226772 || view.getInt32(c.at + 4) !== 0x616e7465 || view.getInt32(c.at + 7) !== 0x6564223a) return undefined;
  c.at += 11;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227065 || view.getInt32(c.at + 4) !== 0x7263656e || view.getInt32(c.at + 7) !== 0x6e74223a) return undefined;
  c.at += 11;
  const v2 = read0(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227370 || view.getInt32(c.at + 4) !== 0x656e7422 || view.getInt32(c.at + 5) !== 0x6e74223a) return undefined;
  c.at += 9;
  const v3 = read0(c, d - 1);
  if (v3 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { dimension: v0, granted: v1, percent: v2, spent: v3 };
}

function read93(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226361 || view.getInt32(c.at + 4) !== 0x70616269 || view.getInt32(c.at + 8) !== 0x6c697479 || view.getInt32(c.at + 10) !== 0x7479223a) return undefined;
  c.at += 14;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x6e747261 || view.getInt32(c.at + 8) !== 0x6374223a) return undefined;
  c.at += 12;
  const v1 = read4(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22696e || view.getInt32(c.at + 4) !== 0x74656e74 || view.getInt32(c.at + 6) !== 0x6e74223a) return undefined;
  c.at += 10;
  const v2 = read4(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226c65 || view.getInt32(c.at + 4) !== 0x64676572 || view.getInt32(c.at + 6) !== 0x6572223a) return undefined;
  c.at += 10;
  const v3 = read4(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226e6f || view.getInt32(c.at + 4) !== 0x726d616c || view.getInt32(c.at + 8) !== 0x69736564 || view.getInt32(c.at + 12) !== 0x41726773 || view.getInt32(c.at + 14) !== 0x6773223a) return undefined;
  c.at += 18;
  const v4 = read36(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x736f6c76 || view.getInt32(c.at + 8) !== 0x6564223a) return undefined;
  c.at += 12;
  const v5 = read36(c, d - 1);
  if (v5 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227374 || view.getInt32(c.at + 4) !== 0x7265616d || view.getInt32(c.at + 6) !== 0x616d223a) return undefined;
  c.at += 10;
  const v6 = read6(c, d - 1);
  if (v6 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227772 || view.getInt32(c.at + 4) !== 0x6974223a) return undefined;
  c.at += 8;
  const v7 = read4(c, d - 1);
  if (v7 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { capability: v0, contract: v1, intent: v2, ledger: v3, normalisedArgs: v4, resolved: v5, stream: v6, writ: v7 };
}

function read94(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x22707572 || view.getInt32(c.at + 2) !== 0x75726522)) {
    c.at += 6;
    return "pure";
  }
  if (!(view.getInt32(c.at) !== 0x22726561 || view.getInt32(c.at + 2) !== 0x65616422)) {
    c.at += 6;
    return "read";
  }
  if (!(view.getInt32(c.at) !== 0x22777269 || view.getInt32(c.at + 3) !== 0x69746522)) {
    c.at += 7;
    return "write";
  }
  if (!(view.getInt32(c.at) !== 0x22657874 || view.getInt32(c.at + 4) !== 0x65726e61 || view.getInt32(c.at + 6) !== 0x6e616c22)) {
    c.at += 10;
    return "external";
  }
  if (!(view.getInt32(c.at) !== 0x22697272 || view.getInt32(c.at + 4) !== 0x65766572 || view.getInt32(c.at + 8) !== 0x7369626c || view.getInt32(c.at + 10) !== 0x626c6522)) {
    c.at += 14;
    return "irreversible";
  }
  return undefined;
}

function read95(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read94(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read96(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x22706572 || view.getInt32(c.at + 4) !== 0x6d697422)) {
    c.at += 8;
    return "permit";
  }
  if (!(view.getInt32(c.at) !== 0x22666f72 || view.getInt32(c.at + 4) !== 0x62696422)) {
    c.at += 8;
    return "forbid";
  }
  if (!(view.getInt32(c.at) !== 0x22686f6c || view.getInt32(c.at + 2) !== 0x6f6c6422)) {
    c.at += 6;
    return "hold";
  }
  if (!(view.getInt32(c.at) !== 0x226c6966 || view.getInt32(c.at + 2) !== 0x69667422)) {
    c.at += 6;
    return "lift";
  }
  if (!(view.getInt32(c.at) !== 0x22736861 || view.getInt32(c.at + 4) !== 0x646f7722)) {
    c.at += 8;
    return "shadow";
  }
  if (!(view.getInt32(c.at) !== 0x22657272 || view.getInt32(c.at + 3) !== 0x726f7222)) {
    c.at += 7;
    return "error";
  }
  return undefined;
}

function read97(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226566 || view.getInt32(c.at + 4) !== 0x66656374 || view.getInt32(c.at + 6) !== 0x6374223a) return undefined;
  c.at += 10;
  const v0 = read96(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226964 || view.getInt32(c.at + 2) !== 0x6964223a) return undefined;
  c.at += 6;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226c65 || view.getInt32(c.at + 4) !== 0x76656c22 || view.getInt32(c.at + 5) !== 0x656c223a) return undefined;
  c.at += 9;
  const v2 = read1(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { effect: v0, id: v1, level: v2 };
}

function read98(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read97(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read99(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x22706173 || view.getInt32(c.at + 2) !== 0x61737322)) {
    c.at += 6;
    return "pass";
  }
  if (!(view.getInt32(c.at) !== 0x22726566 || view.getInt32(c.at + 4) !== 0x75736522)) {
    c.at += 8;
    return "refuse";
  }
  if (!(view.getInt32(c.at) !== 0x22686f6c || view.getInt32(c.at + 2) !== 0x6f6c6422)) {
    c.at += 6;
    return "hold";
  }
  if (!(view.getInt32(c.at) !== 0x22756e72 || view.getInt32(c.at + 4) !== 0x65616368 || view.getInt32(c.at + 7) !== 0x68656422)) {
    c.at += 11;
    return "unreached";
  }
  return undefined;
}

function read100(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226172 || view.getInt32(c.at + 4) !== 0x6773223a) return undefined;
  c.at += 8;
  const v0 = read99(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226275 || view.getInt32(c.at + 4) !== 0x64676574 || view.getInt32(c.at + 6) !== 0x6574223a) return undefined;
  c.at += 10;
  const v1 = read99(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226361 || view.getInt32(c.at + 4) !== 0x70616269 || view.getInt32(c.at + 8) !== 0x6c697479 || view.getInt32(c.at + 10) !== 0x7479223a) return undefined;
  c.at += 14;
  const v2 = read99(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x6e74726f || view.getInt32(c.at + 8) !== 0x6c73223a) return undefined;
  c.at += 12;
  const v3 = read99(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22656d || view.getInt32(c.at + 4) !== 0x6974223a) return undefined;
  c.at += 8;
  const v4 = read99(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22686f || view.getInt32(c.at + 4) !== 0x6c647322 || view.getInt32(c.at + 5) !== 0x6473223a) return undefined;
  c.at += 9;
  const v5 = read99(c, d - 1);
  if (v5 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22696e || view.getInt32(c.at + 4) !== 0x74656e74 || view.getInt32(c.at + 6) !== 0x6e74223a) return undefined;
  c.at += 10;
  const v6 = read99(c, d - 1);
  if (v6 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22706f || view.getInt32(c.at + 4) !== 0x6c696379 || view.getInt32(c.at + 6) !== 0x6379223a) return undefined;
  c.at += 10;
  const v7 = read99(c, d - 1);
  if (v7 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227072 || view.getInt32(c.at + 4) !== 0x65636f6e || view.getInt32(c.at + 8) !== 0x64697469 || view.getInt32(c.at + 12) !== 0x6f6e7322 || view.getInt32(c.at + 13) !== 0x6e73223a) return undefined;
  c.at += 17;
  const v8 = read99(c, d - 1);
  if (v8 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x766f6361 || view.getInt32(c.at + 8) !== 0x74696f6e || view.getInt32(c.at + 10) !== 0x6f6e223a) return undefined;
  c.at += 14;
  const v9 = read99(c, d - 1);
  if (v9 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227363 || view.getInt32(c.at + 4) !== 0x6f706522 || view.getInt32(c.at + 5) !== 0x7065223a) return undefined;
  c.at += 9;
  const v10 = read99(c, d - 1);
  if (v10 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227769 || view.getInt32(c.at + 4) !== 0x6e646f77 || view.getInt32(c.at + 6) !== 0x6f77223a) return undefined;
  c.at += 10;
  const v11 = read99(c, d - 1);
  if (v11 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227772 || view.getInt32(c.at + 4) !== 0x6974223a) return undefined;
  c.at += 8;
  const v12 = read99(c, d - 1);
  if (v12 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { args: v0, budget: v1, capability: v2, controls: v3, emit: v4, holds: v5, intent: v6, policy: v7, preconditions: v8, revocation: v9, scope: v10, window: v11, writ: v12 };
}

function read101(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226163 || view.getInt32(c.at + 4) !== 0x74696f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const from = c.index;
  const v0 = read93(c, d - 1);
  if (v0 === undefined) return undefined;
  c.setAside(from);
  if (view.getInt32(c.at) !== 0x2c226163 || view.getInt32(c.at + 4) !== 0x74696f6e || view.getInt32(c.at + 8) !== 0x44696765 || view.getInt32(c.at + 12) !== 0x7374223a) return undefined;
  c.at += 16;
  const v1 = read4(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226566 || view.getInt32(c.at + 4) !== 0x66656374 || view.getInt32(c.at + 7) !== 0x7473223a) return undefined;
  c.at += 11;
  const v2 = read95(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226e6f || view.getInt32(c.at + 4) !== 0x774d7322 || view.getInt32(c.at + 5) !== 0x4d73223a) return undefined;
  c.at += 9;
  const v3 = read0(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22706f || view.getInt32(c.at + 4) !== 0x6c696379 || view.getInt32(c.at + 8) !== 0x53657444 || view.getInt32(c.at + 12) !== 0x69676573 || view.getInt32(c.at + 15) !== 0x7374223a) return undefined;
  c.at += 19;
  const v4 = read4(c, d - 1);
  if (v4 === undefined) return undefined;
  let v5: unknown;
  if (!(view.getInt32(c.at) !== 0x2c227175 || view.getInt32(c.at + 4) !== 0x65737469 || view.getInt32(c.at + 8) !== 0x6f6e223a)) {
    c.at += 12;
    v5 = read36(c, d - 1);
    if (v5 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x73657276 || view.getInt32(c.at + 8) !== 0x6564223a) return undefined;
  c.at += 12;
  const v6 = read16(c, d - 1);
  if (v6 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227275 || view.getInt32(c.at + 4) !== 0x6c657322 || view.getInt32(c.at + 5) !== 0x6573223a) return undefined;
  c.at += 9;
  const v7 = read98(c, d - 1);
  if (v7 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227472 || view.getInt32(c.at + 4) !== 0x61636522 || view.getInt32(c.at + 5) !== 0x6365223a) return undefined;
  c.at += 9;
  const v8 = read100(c, d - 1);
  if (v8 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { action: v0, actionDigest: v1, effects: v2, nowMs: v3, policySetDigest: v4, reserved: v6, rules: v7, trace: v8 };
  if (v5 !== undefined) members["question"] = v5;
  return members;
}

function read102(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226368 || view.getInt32(c.at + 4) !== 0x616e6e65 || view.getInt32(c.at + 7) !== 0x656c223a) return undefined;
  c.at += 11;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227175 || view.getInt32(c.at + 4) !== 0x6f72756d || view.getInt32(c.at + 6) !== 0x756d223a) return undefined;
  c.at += 10;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x61736f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v2 = read1(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227275 || view.getInt32(c.at + 4) !== 0x6c65223a) return undefined;
  c.at += 8;
  const v3 = read1(c, d - 1);
  if (v3 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { channel: v0, quorum: v1, reason: v2, rule: v3 };
}

function read103(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226163 || view.getInt32(c.at + 4) !== 0x74696f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const from = c.index;
  const v0 = read93(c, d - 1);
  if (v0 === undefined) return undefined;
  c.setAside(from);
  if (view.getInt32(c.at) !== 0x2c226163 || view.getInt32(c.at + 4) !== 0x74696f6e || view.getInt32(c.at + 8) !== 0x44696765 || view.getInt32(c.at + 12) !== 0x7374223a) return undefined;
  c.at += 16;
  const v1 = read4(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226566 || view.getInt32(c.at + 4) !== 0x66656374 || view.getInt32(c.at + 7) !== 0x7473223a) return undefined;
  c.at += 11;
  const v2 = read95(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22686f || view.getInt32(c.at + 4) !== 0x6c64223a) return undefined;
  c.at += 8;
  const v3 = read102(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226e6f || view.getInt32(c.at + 4) !== 0x774d7322 || view.getInt32(c.at + 5) !== 0x4d73223a) return undefined;
  c.at += 9;
  const v4 = read0(c, d - 1);
  if (v4 === undefined) return undefined;
  let v5: unknown;
  if (!(view.getInt32(c.at) !== 0x2c227175 || view.getInt32(c.at + 4) !== 0x65737469 || view.getInt32(c.at + 8) !== 0x6f6e223a)) {
    c.at += 12;
    v5 = read36(c, d - 1);
    if (v5 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c227275 || view.getInt32(c.at + 4) !== 0x6c657322 || view.getInt32(c.at + 5) !== 0x6573223a) return undefined;
  c.at += 9;
  const v6 = read98(c, d - 1);
  if (v6 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227472 || view.getInt32(c.at + 4) !== 0x61636522 || view.getInt32(c.at + 5) !== 0x6365223a) return undefined;
  c.at += 9;
  const v7 = read100(c, d - 1);
  if (v7 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { action: v0, actionDigest: v1, effects: v2, hold: v3, nowMs: v4, rules: v6, trace: v7 };
  if (v5 !== undefined) members["question"] = v5;
  return members;
}

function read104(c: Cursor, d: number): unknown {
  const { at, shift } = c;
  let v: unknown;
  if ((v = read1(c, d)) !== undefined) return v;
  c.at = at;
  c.shift = shift;
  if ((v = read60(c, d)) !== undefined) return v;
  c.at = at;
  c.shift = shift;
  return read45(c, d);
}

function read105(c: Cursor, d: number): unknown {
  if (!c.takes(0x7b)) return undefined;
  const members: Record<string, unknown> = {};
  if (c.takes(0x7d)) return members;
  let last: string | undefined;
  do {
    const name = c.text();
    if (name === undefined || name === '__proto__' || (last !== undefined && name <= last)) return undefined;
    if (!c.takes(0x3a)) return undefined;
    const v = read104(c, d - 1);
    if (v === undefined) return undefined;
    members[name] = v;
    last = name;
  } while (c.takes(0x2c));
  return c.takes(0x7d) ? members : undefined;
}

function read106(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22636f || view.getInt32(c.at + 4) !== 0x6465223a) return undefined;
  c.at += 8;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226465 || view.getInt32(c.at + 4) !== 0x7461696c || view.getInt32(c.at + 7) !== 0x6c73223a) return undefined;
  c.at += 11;
  const v1 = read105(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226d65 || view.getInt32(c.at + 4) !== 0x73736167 || view.getInt32(c.at + 7) !== 0x6765223a) return undefined;
  c.at += 11;
  const v2 = read1(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x6d656479 || view.getInt32(c.at + 6) !== 0x6479223a) return undefined;
  c.at += 10;
  const v3 = read1(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x74727961 || view.getInt32(c.at + 8) !== 0x626c6522 || view.getInt32(c.at + 9) !== 0x6c65223a) return undefined;
  c.at += 13;
  const v4 = read45(c, d - 1);
  if (v4 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { code: v0, details: v1, message: v2, remedy: v3, retryable: v4 };
}

function read107(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226361 || view.getInt32(c.at + 4) !== 0x6c6c4964 || view.getInt32(c.at + 6) !== 0x4964223a) return undefined;
  c.at += 10;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22696e || view.getInt32(c.at + 4) !== 0x74656e74 || view.getInt32(c.at + 6) !== 0x6e74223a) return undefined;
  c.at += 10;
  const v1 = read5(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226e6f || view.getInt32(c.at + 4) !== 0x774d7322 || view.getInt32(c.at + 5) !== 0x4d73223a) return undefined;
  c.at += 9;
  const v2 = read0(c, d - 1);
  if (v2 === undefined) return undefined;
  let v3: unknown;
  if (!(view.getInt32(c.at) !== 0x2c227175 || view.getInt32(c.at + 4) !== 0x65737469 || view.getInt32(c.at + 8) !== 0x6f6e223a)) {
    c.at += 12;
    v3 = read36(c, d - 1);
    if (v3 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x66757361 || view.getInt32(c.at + 7) !== 0x616c223a) return undefined;
  c.at += 11;
  const v4 = read106(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227275 || view.getInt32(c.at + 4) !== 0x6c657322 || view.getInt32(c.at + 5) !== 0x6573223a) return undefined;
  c.at += 9;
  const v5 = read98(c, d - 1);
  if (v5 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227472 || view.getInt32(c.at + 4) !== 0x61636522 || view.getInt32(c.at + 5) !== 0x6365223a) return undefined;
  c.at += 9;
  const v6 = read100(c, d - 1);
  if (v6 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { callId: v0, intent: v1, nowMs: v2, refusal: v4, rules: v5, trace: v6 };
  if (v3 !== undefined) members["question"] = v3;
  return members;
}

function read108(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226174 || view.getInt32(c.at + 2) !== 0x6174223a) return undefined;
  c.at += 6;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22746f || view.getInt32(c.at + 2) !== 0x746f223a) return undefined;
  c.at += 6;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { at: v0, to: v1 };
}

function read109(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read3(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read110(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226d22 || view.getInt32(c.at + 1) !== 0x226d223a) return undefined;
  c.at += 5;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226f66 || view.getInt32(c.at + 2) !== 0x6f66223a) return undefined;
  c.at += 6;
  const v1 = read109(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { m: v0, of: v1 };
}

function read111(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226163 || view.getInt32(c.at + 4) !== 0x74696f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226368 || view.getInt32(c.at + 4) !== 0x616e6e65 || view.getInt32(c.at + 7) !== 0x656c223a) return undefined;
  c.at += 11;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  let v2: unknown;
  if (!(view.getInt32(c.at) !== 0x2c226573 || view.getInt32(c.at + 4) !== 0x63616c61 || view.getInt32(c.at + 8) !== 0x7465223a)) {
    c.at += 12;
    v2 = read108(c, d - 1);
    if (v2 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c226578 || view.getInt32(c.at + 4) !== 0x70697265 || view.getInt32(c.at + 8) !== 0x73417422 || view.getInt32(c.at + 9) !== 0x4174223a) return undefined;
  c.at += 13;
  const v3 = read0(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227175 || view.getInt32(c.at + 4) !== 0x6f72756d || view.getInt32(c.at + 6) !== 0x756d223a) return undefined;
  c.at += 10;
  const v4 = read110(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x61736f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v5 = read1(c, d - 1);
  if (v5 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227275 || view.getInt32(c.at + 3) !== 0x756e223a) return undefined;
  c.at += 7;
  const v6 = read6(c, d - 1);
  if (v6 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { action: v0, channel: v1, expiresAt: v3, quorum: v4, reason: v5, run: v6 };
  if (v2 !== undefined) members["escalate"] = v2;
  return members;
}

function read112(c: Cursor, d: number): unknown {
  const { view } = c;
  if (!(view.getInt32(c.at) !== 0x22677261 || view.getInt32(c.at + 4) !== 0x6e746564 || view.getInt32(c.at + 5) !== 0x74656422)) {
    c.at += 9;
    return "granted";
  }
  if (!(view.getInt32(c.at) !== 0x2264656e || view.getInt32(c.at + 4) !== 0x69656422)) {
    c.at += 8;
    return "denied";
  }
  if (!(view.getInt32(c.at) !== 0x22657870 || view.getInt32(c.at + 4) !== 0x69726564 || view.getInt32(c.at + 5) !== 0x72656422)) {
    c.at += 9;
    return "expired";
  }
  if (!(view.getInt32(c.at) !== 0x22657363 || view.getInt32(c.at + 4) !== 0x616c6174 || view.getInt32(c.at + 7) !== 0x74656422)) {
    c.at += 11;
    return "escalated";
  }
  return undefined;
}

function read113(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226163 || view.getInt32(c.at + 4) !== 0x74696f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226f75 || view.getInt32(c.at + 4) !== 0x74636f6d || view.getInt32(c.at + 7) !== 0x6d65223a) return undefined;
  c.at += 11;
  const v1 = read112(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x61736f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v2 = read1(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x71756573 || view.getInt32(c.at + 7) !== 0x7374223a) return undefined;
  c.at += 11;
  const v3 = read4(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22766f || view.getInt32(c.at + 4) !== 0x74657273 || view.getInt32(c.at + 6) !== 0x7273223a) return undefined;
  c.at += 10;
  const v4 = read109(c, d - 1);
  if (v4 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { action: v0, outcome: v1, reason: v2, request: v3, voters: v4 };
}

function read114(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226e61 || view.getInt32(c.at + 4) !== 0x6d65223a) return undefined;
  c.at += 8;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227363 || view.getInt32(c.at + 4) !== 0x6f706522 || view.getInt32(c.at + 5) !== 0x7065223a) return undefined;
  c.at += 9;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227365 || view.getInt32(c.at + 4) !== 0x74417422 || view.getInt32(c.at + 5) !== 0x4174223a) return undefined;
  c.at += 9;
  const v2 = read0(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { name: v0, scope: v1, setAt: v2 };
}

function read115(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read114(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read116(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226163 || view.getInt32(c.at + 4) !== 0x74696f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226174 || view.getInt32(c.at + 4) !== 0x74656d70 || view.getInt32(c.at + 7) !== 0x7074223a) return undefined;
  c.at += 11;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  let v2: unknown;
  if (!(view.getInt32(c.at) !== 0x2c226c65 || view.getInt32(c.at + 4) !== 0x61736573 || view.getInt32(c.at + 6) !== 0x6573223a)) {
    c.at += 10;
    v2 = read115(c, d - 1);
    if (v2 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x73657276 || view.getInt32(c.at + 8) !== 0x6564223a) return undefined;
  c.at += 12;
  const v3 = read16(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227472 || view.getInt32(c.at + 4) !== 0x65654265 || view.getInt32(c.at + 8) !== 0x666f7265 || view.getInt32(c.at + 10) !== 0x7265223a) return undefined;
  c.at += 14;
  const v4 = read59(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22756e || view.getInt32(c.at + 4) !== 0x73616e64 || view.getInt32(c.at + 8) !== 0x626f7865 || view.getInt32(c.at + 11) !== 0x6564223a) return undefined;
  c.at += 15;
  const v5 = read45(c, d - 1);
  if (v5 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { action: v0, attempt: v1, reserved: v3, treeBefore: v4, unsandboxed: v5 };
  if (v2 !== undefined) members["leases"] = v2;
  return members;
}

function read117(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read0(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read118(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226163 || view.getInt32(c.at + 4) !== 0x74696f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  let v1: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x6d70656e || view.getInt32(c.at + 8) !== 0x73617465 || view.getInt32(c.at + 11) !== 0x6573223a)) {
    c.at += 15;
    v1 = read117(c, d - 1);
    if (v1 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x6d70696c || view.getInt32(c.at + 8) !== 0x65725665 || view.getInt32(c.at + 12) !== 0x7273696f || view.getInt32(c.at + 15) !== 0x6f6e223a) return undefined;
  c.at += 19;
  const v2 = read1(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x6e747261 || view.getInt32(c.at + 8) !== 0x63744469 || view.getInt32(c.at + 12) !== 0x67657374 || view.getInt32(c.at + 14) !== 0x7374223a) return undefined;
  c.at += 18;
  const v3 = read4(c, d - 1);
  if (v3 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x7374223a) return undefined;
  c.at += 8;
  const v4 = read16(c, d - 1);
  if (v4 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226465 || view.getInt32(c.at + 4) !== 0x6c746122 || view.getInt32(c.at + 5) !== 0x7461223a) return undefined;
  c.at += 9;
  const v5 = read57(c, d - 1);
  if (v5 === undefined) return undefined;
  let v6: unknown;
  if (!(view.getInt32(c.at) !== 0x2c226c61 || view.getInt32(c.at + 4) !== 0x62656c73 || view.getInt32(c.at + 6) !== 0x6c73223a)) {
    c.at += 10;
    v6 = read30(c, d - 1);
    if (v6 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c226f62 || view.getInt32(c.at + 4) !== 0x73657276 || view.getInt32(c.at + 8) !== 0x6174696f || view.getInt32(c.at + 11) !== 0x6f6e223a) return undefined;
  c.at += 15;
  const v7 = read36(c, d - 1);
  if (v7 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22706f || view.getInt32(c.at + 4) !== 0x6c696379 || view.getInt32(c.at + 8) !== 0x53657444 || view.getInt32(c.at + 12) !== 0x69676573 || view.getInt32(c.at + 15) !== 0x7374223a) return undefined;
  c.at += 19;
  const v8 = read4(c, d - 1);
  if (v8 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x64616374 || view.getInt32(c.at + 8) !== 0x696f6e73 || view.getInt32(c.at + 10) !== 0x6e73223a) return undefined;
  c.at += 14;
  const v9 = read0(c, d - 1);
  if (v9 === undefined) return undefined;
  let v10: unknown;
  if (!(view.getInt32(c.at) !== 0x2c22756e || view.getInt32(c.at + 4) !== 0x6c616265 || view.getInt32(c.at + 8) !== 0x6c6c6564 || view.getInt32(c.at + 10) !== 0x6564223a)) {
    c.at += 14;
    v10 = read1(c, d - 1);
    if (v10 === undefined) return undefined;
  }
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { action: v0, compilerVersion: v2, contractDigest: v3, cost: v4, delta: v5, observation: v7, policySetDigest: v8, redactions: v9 };
  if (v1 !== undefined) members["compensates"] = v1;
  if (v6 !== undefined) members["labels"] = v6;
  if (v10 !== undefined) members["unlabelled"] = v10;
  return members;
}

function read119(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226163 || view.getInt32(c.at + 4) !== 0x74696f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x7374223a) return undefined;
  c.at += 8;
  const v1 = read16(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226465 || view.getInt32(c.at + 4) !== 0x6c746122 || view.getInt32(c.at + 5) !== 0x7461223a) return undefined;
  c.at += 9;
  const v2 = read57(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226661 || view.getInt32(c.at + 4) !== 0x696c7572 || view.getInt32(c.at + 7) !== 0x7265223a) return undefined;
  c.at += 11;
  const v3 = read85(c, d - 1);
  if (v3 === undefined) return undefined;
  let v4: unknown;
  if (!(view.getInt32(c.at) !== 0x2c226c61 || view.getInt32(c.at + 4) !== 0x62656c73 || view.getInt32(c.at + 6) !== 0x6c73223a)) {
    c.at += 10;
    v4 = read30(c, d - 1);
    if (v4 === undefined) return undefined;
  }
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x64616374 || view.getInt32(c.at + 8) !== 0x696f6e73 || view.getInt32(c.at + 10) !== 0x6e73223a) return undefined;
  c.at += 14;
  const v5 = read0(c, d - 1);
  if (v5 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  const members: Record<string, unknown> = { action: v0, cost: v1, delta: v2, failure: v3, redactions: v5 };
  if (v4 !== undefined) members["labels"] = v4;
  return members;
}

function read120(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226163 || view.getInt32(c.at + 4) !== 0x74696f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227265 || view.getInt32(c.at + 4) !== 0x61736f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { action: v0, reason: v1 };
}

function read121(c: Cursor, d: number): unknown {
  if (c.takesNull()) return null;
  return read12(c, d);
}

function read122(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226163 || view.getInt32(c.at + 4) !== 0x74696f6e || view.getInt32(c.at + 6) !== 0x6f6e223a) return undefined;
  c.at += 10;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226576 || view.getInt32(c.at + 4) !== 0x6964656e || view.getInt32(c.at + 8) !== 0x6365223a) return undefined;
  c.at += 12;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226861 || view.getInt32(c.at + 4) !== 0x7070656e || view.getInt32(c.at + 8) !== 0x6564223a) return undefined;
  c.at += 12;
  const v2 = read45(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22776f || view.getInt32(c.at + 4) !== 0x7264223a) return undefined;
  c.at += 8;
  const v3 = read121(c, d - 1);
  if (v3 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { action: v0, evidence: v1, happened: v2, word: v3 };
}

function read123(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226361 || view.getInt32(c.at + 4) !== 0x70616269 || view.getInt32(c.at + 8) !== 0x6c697479 || view.getInt32(c.at + 10) !== 0x7479223a) return undefined;
  c.at += 14;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22656e || view.getInt32(c.at + 4) !== 0x74727922 || view.getInt32(c.at + 5) !== 0x7279223a) return undefined;
  c.at += 9;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { capability: v0, entry: v1 };
}

function read124(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read123(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read125(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226172 || view.getInt32(c.at + 4) !== 0x6773223a) return undefined;
  c.at += 8;
  const v0 = read36(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226361 || view.getInt32(c.at + 4) !== 0x70616269 || view.getInt32(c.at + 8) !== 0x6c697479 || view.getInt32(c.at + 10) !== 0x7479223a) return undefined;
  c.at += 14;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22636f || view.getInt32(c.at + 4) !== 0x6d6d6974 || view.getInt32(c.at + 7) !== 0x7473223a) return undefined;
  c.at += 11;
  const v2 = read117(c, d - 1);
  if (v2 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { args: v0, capability: v1, commits: v2 };
}

function read126(c: Cursor, d: number): unknown {
  if (!c.takes(0x5b)) return undefined;
  const items: unknown[] = [];
  if (c.takes(0x5d)) return items;
  do {
    const v = read125(c, d - 1);
    if (v === undefined) return undefined;
    items.push(v);
  } while (c.takes(0x2c));
  return c.takes(0x5d) ? items : undefined;
}

function read127(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226c61 || view.getInt32(c.at + 4) !== 0x7374696e || view.getInt32(c.at + 7) !== 0x6e67223a) return undefined;
  c.at += 11;
  const v0 = read124(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227374 || view.getInt32(c.at + 4) !== 0x65707322 || view.getInt32(c.at + 5) !== 0x7073223a) return undefined;
  c.at += 9;
  const v1 = read126(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { lasting: v0, steps: v1 };
}

function read128(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b22646f || view.getInt32(c.at + 4) !== 0x6e65223a) return undefined;
  c.at += 8;
  const v0 = read0(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c226c65 || view.getInt32(c.at + 4) !== 0x6674223a) return undefined;
  c.at += 8;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { done: v0, left: v1 };
}

function read129(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226469 || view.getInt32(c.at + 4) !== 0x67657374 || view.getInt32(c.at + 6) !== 0x7374223a) return undefined;
  c.at += 10;
  const v0 = read4(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227365 || view.getInt32(c.at + 3) !== 0x6571223a) return undefined;
  c.at += 7;
  const v1 = read0(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { digest: v0, seq: v1 };
}

function read130(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226174 || view.getInt32(c.at + 2) !== 0x6174223a) return undefined;
  c.at += 6;
  const v0 = read129(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227275 || view.getInt32(c.at + 3) !== 0x756e223a) return undefined;
  c.at += 7;
  const v1 = read6(c, d - 1);
  if (v1 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22736e || view.getInt32(c.at + 4) !== 0x61707368 || view.getInt32(c.at + 8) !== 0x6f74223a) return undefined;
  c.at += 12;
  const v2 = read20(c, d - 1);
  if (v2 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c227374 || view.getInt32(c.at + 4) !== 0x61746522 || view.getInt32(c.at + 5) !== 0x7465223a) return undefined;
  c.at += 9;
  const v3 = read4(c, d - 1);
  if (v3 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { at: v0, run: v1, snapshot: v2, state: v3 };
}

function read131(c: Cursor, d: number): unknown {
  const { view } = c;
  if (view.getInt32(c.at) !== 0x7b226e6f || view.getInt32(c.at + 4) !== 0x7465223a) return undefined;
  c.at += 8;
  const v0 = read1(c, d - 1);
  if (v0 === undefined) return undefined;
  if (view.getInt32(c.at) !== 0x2c22706c || view.getInt32(c.at + 4) !== 0x61636522 || view.getInt32(c.at + 5) !== 0x6365223a) return undefined;
  c.at += 9;
  const v1 = read1(c, d - 1);
  if (v1 === undefined) return undefined;
  if (!c.takes(0x7d)) return undefined;
  return { note: v0, place: v1 };
}

/** Reads an entry of a kind, whose body `body` reads. */
export const readEntryOf: (cursor: Cursor, depth: number, kind: Kind, body: Read) => unknown = read9;

/** Reads the body of an entry, by kind. */
export const bodyReaders: ReadonlyMap<string, { readonly kind: Kind; readonly read: Read }> = new Map<
  string,
  { readonly kind: Kind; readonly read: Read }
>([
  ['ledger.created', { kind: 'ledger.created', read: read13 }],
  ['key.trusted', { kind: 'key.trusted', read: read13 }],
  ['key.retired', { kind: 'key.retired', read: read13 }],
  ['key.compromised', { kind: 'key.compromised', read: read13 }],
  ['approver.delegated', { kind: 'approver.delegated', read: read13 }],
  ['approver.delegation-ended', { kind: 'approver.delegation-ended', read: read13 }],
  ['blob.pruned', { kind: 'blob.pruned', read: read15 }],
  ['subject.erased', { kind: 'subject.erased', read: read13 }],
  ['writ.issued', { kind: 'writ.issued', read: read13 }],
  ['writ.carved', { kind: 'writ.carved', read: read17 }],
  ['writ.closed', { kind: 'writ.closed', read: read18 }],
  ['writ.revoked', { kind: 'writ.revoked', read: read13 }],
  ['policy.activated', { kind: 'policy.activated', read: read23 }],
  ['policy.retired', { kind: 'policy.retired', read: read24 }],
  ['policy.proposed', { kind: 'policy.proposed', read: read25 }],
  ['policy.proposal-withdrawn', { kind: 'policy.proposal-withdrawn', read: read13 }],
  ['channel.defined', { kind: 'channel.defined', read: read13 }],
  ['channel.removed', { kind: 'channel.removed', read: read13 }],
  ['prices.declared', { kind: 'prices.declared', read: read13 }],
  ['capability.declared', { kind: 'capability.declared', read: read13 }],
  ['capability.retired', { kind: 'capability.retired', read: read13 }],
  ['programs.declared', { kind: 'programs.declared', read: read13 }],
  ['programs.retired', { kind: 'programs.retired', read: read13 }],
  ['control.engaged', { kind: 'control.engaged', read: read13 }],
  ['control.cleared', { kind: 'control.cleared', read: read13 }],
  ['run.started', { kind: 'run.started', read: read51 }],
  ['run.branched', { kind: 'run.branched', read: read58 }],
  ['run.finished', { kind: 'run.finished', read: read64 }],
  ['turn.started', { kind: 'turn.started', read: read65 }],
  ['model.requested', { kind: 'model.requested', read: read67 }],
  ['model.responded', { kind: 'model.responded', read: read83 }],
  ['model.interrupted', { kind: 'model.interrupted', read: read87 }],
  ['intent.proposed', { kind: 'intent.proposed', read: read89 }],
  ['turn.finished', { kind: 'turn.finished', read: read90 }],
  ['budget.threshold-crossed', { kind: 'budget.threshold-crossed', read: read92 }],
  ['proposal.staged', { kind: 'proposal.staged', read: read101 }],
  ['proposal.suspended', { kind: 'proposal.suspended', read: read103 }],
  ['proposal.rejected', { kind: 'proposal.rejected', read: read107 }],
  ['approval.requested', { kind: 'approval.requested', read: read111 }],
  ['approval.voted', { kind: 'approval.voted', read: read13 }],
  ['approval.resolved', { kind: 'approval.resolved', read: read113 }],
  ['execution.started', { kind: 'execution.started', read: read116 }],
  ['commit', { kind: 'commit', read: read118 }],
  ['execution.failed', { kind: 'execution.failed', read: read119 }],
  ['execution.in-doubt', { kind: 'execution.in-doubt', read: read120 }],
  ['execution.reconciled', { kind: 'execution.reconciled', read: read122 }],
  ['compensation.planned', { kind: 'compensation.planned', read: read127 }],
  ['compensation.finished', { kind: 'compensation.finished', read: read128 }],
  ['snapshot.taken', { kind: 'snapshot.taken', read: read130 }],
  ['anchor.published', { kind: 'anchor.published', read: read131 }],
]);

import { createHash } from 'node:crypto';
import {
  exportOf,
  ledgerFixture,
  refusalOf,
  runtimeSigner,
  signerFrom,
  trustRuntime,
  valueOf,
  writeRun,
} from '@chancery/testkit/builders';
import {
  forgedReply,
  issueTime,
  opensslMissing,
  replyTo,
  timeInfo,
  timePki,
  type Pki,
} from '@chancery/testkit/timestamp-authority';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64 } from '../encoding/index.ts';
import type { Result } from '../refusal/index.ts';
import { readTrusted, timeRequest, type TimestampFile } from '../timestamp/index.ts';
import { ExportCheck, type ExportVerdict } from './check.ts';
import { timestampsInOrder } from './manifest.ts';
import { ExportReader } from './reader.ts';

const title = `timestamps in an export${opensslMissing === undefined ? '' : `: left out, ${opensslMissing}`}`;
const utf8 = new TextEncoder();

/** The ledger before its first run, and when that had ended. */
const early = ledgerFixture();
trustRuntime(early);
const later = ledgerFixture();
trustRuntime(later);
writeRun(later);

function noteOf(lines: readonly string[]): string {
  const line = JSON.parse(lines[0] ?? '') as { readonly export: { readonly checkpoint: string } };
  return line.export.checkpoint;
}

const [earlyNote, laterNote] = [early, later].map((on) => noteOf(exportOf(on))) as [string, string];
const streams = ['ledger', 'run:r1'];

describe.skipIf(opensslMissing !== undefined)(title, () => {
  let pki: Pki;
  beforeAll(() => {
    pki = timePki();
  });
  afterAll(() => pki.dispose());

  function attested(note: string, of: string = note): TimestampFile {
    const query = timeRequest(utf8.encode(of), Uint8Array.of(0x40, 1));
    return { checkpoint: note, reply: replyTo(pki, query, { signer: 'tsa' }) };
  }

  /** What becomes of an export that carries these. */
  function checked(
    timestamps: readonly TimestampFile[],
    trusts: readonly string[] = ['root'],
    scope: { readonly streams?: readonly string[] } = {},
  ): Result<ExportVerdict> {
    const trusted = trusts.length === 0 ? [] : valueOf(readTrusted(pki.pem(...trusts)));
    const check = new ExportCheck(later.ledger, trusted);
    for (const line of exportOf(later, { ...scope, manifest: { timestamps } })) {
      const pushed = check.push(utf8.encode(line));
      if (!pushed.ok) return pushed;
    }
    return check.finish();
  }

  it('tell by when each of its checkpoints existed, by the word of who is trusted', () => {
    const timestamps = timestampsInOrder([attested(laterNote), attested(earlyNote)]);
    const { times } = valueOf(checked(timestamps));
    expect(times).toMatchObject({
      attested: [early, later].map(({ recorder }) => ({
        size: recorder.entries.length,
        authority: 'O=Chancery tests, CN=tsa',
      })),
      unjudged: 0,
    });
  });

  it('are counted, and never believed, where nobody is trusted', () => {
    const timestamps = timestampsInOrder([attested(laterNote), attested(earlyNote)]);
    expect(valueOf(checked(timestamps, [])).times).toEqual({ attested: [], unjudged: 2 });
  });

  it('are of its own checkpoint in an export of some streams', () => {
    const own = valueOf(checked([attested(laterNote)], ['root'], { streams }));
    expect(own.times.attested).toHaveLength(1);
    expect(refusalOf(checked([attested(earlyNote)], ['root'], { streams }))).toMatchObject({
      code: 'export.invalid',
      message: expect.stringContaining('that it does not cover') as string,
    });
  });

  it.each([[[]], [['root']]])('of another content refuse it, who trusts %j', (trusts) => {
    const other = checked([attested(laterNote, earlyNote)], trusts);
    expect(refusalOf(other).code).toBe('timestamp.mismatch');
  });

  it.each([[[]], [['root']]])('that are damaged refuse it, who trusts %j', (trusts) => {
    const { reply, checkpoint } = attested(laterNote);
    const turned = reply.with(reply.length - 1, (reply.at(-1) ?? 0) ^ 1);
    const codes = [turned, reply.subarray(0, 40), utf8.encode('now')].map(
      (bytes) => refusalOf(checked([{ checkpoint, reply: bytes }], trusts)).code,
    );
    expect(codes).toEqual(['timestamp.invalid', 'timestamp.invalid', 'timestamp.invalid']);
  });

  it.each([[[]], [['root']]])(
    'of a signer who may not sign it refuse it, who trusts %j',
    (trusts) => {
      issueTime(pki, { name: 'early', from: '20260102030406Z' });
      pki.issue({
        name: 'of-other-use',
        issuer: 'root',
        extensions: ['basicConstraints=CA:false'],
      });
      const digest = createHash('sha256').update(laterNote).digest();
      const codes = ['tsa', 'early', 'of-other-use'].map((signer) => {
        const reply = forgedReply(pki, timeInfo({ digest }), { signer });
        const result = checked([{ checkpoint: laterNote, reply }], trusts);
        return result.ok ? 'ok' : result.refusal.code;
      });
      expect(codes).toEqual(['ok', 'timestamp.untrusted', 'timestamp.untrusted']);
    },
  );

  it('of an authority that is not trusted refuse it', () => {
    pki.issue({ name: 'other', extensions: ['basicConstraints=critical,CA:true'] });
    expect(refusalOf(checked([attested(laterNote)], ['other'])).code).toBe('timestamp.untrusted');
  });

  it('of a checkpoint that another history had refuse it', () => {
    const forked = ledgerFixture();
    trustRuntime(forked);
    writeRun(forked, 'r9');
    const note = noteOf(exportOf(forked));
    expect(refusalOf(checked([attested(note)])).code).toBe('export.tampered');
  });

  it('of a checkpoint that somebody else signed refuse it', () => {
    const note = noteOf(exportOf(early, { signer: signerFrom(9) }));
    expect(runtimeSigner.id).not.toBe(signerFrom(9).id);
    expect(refusalOf(checked([attested(note)])).code).toBe('export.tampered');
  });

  it('stand in its first line as they were, in order, each once', () => {
    const [first, second] = [attested(earlyNote), attested(laterNote)];
    const ordered = timestampsInOrder([second, first, second]);
    expect(ordered).toEqual([first, second]);
    const [line = ''] = exportOf(later, { manifest: { timestamps: ordered } });
    const [record] = valueOf(new ExportReader().push(utf8.encode(line)));
    expect(record).toMatchObject({ type: 'manifest', manifest: { timestamps: ordered } });
    for (const timestamps of [[second, first], [first, first], Array(65).fill(first)]) {
      const wrong = exportOf(later, { manifest: { timestamps: timestamps as TimestampFile[] } });
      const { code, message } = refusalOf(new ExportReader().push(utf8.encode(wrong[0] ?? '')));
      expect([code, message]).toEqual(['export.invalid', expect.stringContaining('out of order')]);
    }
  });

  it('are refused in a form that nobody writes', () => {
    const [line = ''] = exportOf(later, { manifest: { timestamps: [attested(laterNote)] } });
    const reply = /"reply":"([^"]*)"/.exec(line)?.[1] ?? '';
    const long = encodeBase64(new Uint8Array(65_537));
    const changed = [
      line.replace(reply, ''),
      line.replace(reply, `${reply}=`),
      line.replace(reply, long),
      line.replace('"reply"', '"replies"'),
      line.replace(/"timestamps":\[.*?\],"version"/, '"timestamps":[],"version"'),
      line.replace('"version":3', '"version":2'),
      line.replace(/"timestamps":\[\{"checkpoint":"[^"]*"/, '"timestamps":[{"checkpoint":"x"'),
    ];
    for (const wrong of changed) {
      expect(wrong).not.toBe(line);
      expect(refusalOf(new ExportReader().push(utf8.encode(wrong))).code).toBe('export.invalid');
    }
  });
});

import { describe, expect, test } from '@jest/globals';
import { decodeFrame, FrameDecoder } from '../../../src/protocol/frame-decoder.js';
import { encodeFrame, FrameWriter } from '../../../src/protocol/frame-writer.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { frameOf, rawFrame } from '../../helpers/raw-peer.js';

const reading = (limits?: {
  maxFrameBytes: number;
  maxHeaderBytes: number;
}): { decoder: FrameDecoder; commands: RemotingCommand[] } => {
  const commands: RemotingCommand[] = [];
  return { decoder: new FrameDecoder(command => commands.push(command), limits), commands };
};

/** A header of so many bytes. */
const headerOf = (bytes: number): string => `{"remark":"${'r'.repeat(bytes - 13)}"}`;

const read = (header: string): RemotingCommand => decodeFrame(rawFrame(header));

describe('chunks', () => {
  test('a whole frame is not copied: its body lies in the chunk', () => {
    const { decoder, commands } = reading();
    const chunk = Buffer.concat([frameOf({ code: 1, body: 'one' }), frameOf({ code: 2, body: 'two' })]);
    decoder.push(chunk);
    const [first, second] = commands.map(command => command.body);
    expect([first?.buffer, second?.buffer]).toEqual([chunk.buffer, chunk.buffer]);
    expect([first?.toString(), second?.toString()]).toEqual(['one', 'two']);
  });

  test('cut at every byte', () => {
    const frames = [
      frameOf({ code: 1, body: 'one' }),
      frameOf({ code: 2, serializeType: 'ROCKETMQ' }),
      frameOf({ code: 3, body: 'x' }),
    ];
    const stream = Buffer.concat(frames);
    for (let at = 0; at <= stream.length; at++) {
      const { decoder, commands } = reading();
      decoder.push(stream.subarray(0, at));
      decoder.push(stream.subarray(at));
      expect(commands.map(command => command.code)).toEqual([1, 2, 3]);
      expect(decoder.bufferedBytes).toBe(0);
    }
  });

  test('byte by byte a large frame costs room for what has come, not for what is promised', () => {
    const { decoder, commands } = reading();
    const frame = frameOf({ code: 1, body: Buffer.alloc(20_000, 7) });
    decoder.push(frame.subarray(0, 8));
    const room = (decoder as unknown as { pending: Buffer }).pending.length;
    expect(room).toBeLessThan(100);
    for (let at = 8; at < frame.length; at++) decoder.push(frame.subarray(at, at + 1));
    expect(commands[0]?.body?.equals(Buffer.alloc(20_000, 7))).toBe(true);
  });

  test('empty ones change nothing', () => {
    const { decoder, commands } = reading();
    const frame = frameOf({ code: 1 });
    for (const chunk of [Buffer.alloc(0), frame.subarray(0, 5), Buffer.alloc(0), frame.subarray(5)])
      decoder.push(chunk);
    expect(commands).toHaveLength(1);
  });
});

describe('limits', () => {
  const limits = { maxFrameBytes: 1024, maxHeaderBytes: 256 };

  test('hold to the byte', () => {
    const header = '{"code":1}';
    const bodyBytes = 1024 - 4 - header.length;
    expect(decodeFrame(rawFrame(header, 'x'.repeat(bodyBytes)), limits).body).toHaveLength(bodyBytes);
    expect(() => decodeFrame(rawFrame(header, 'x'.repeat(bodyBytes + 1)), limits)).toThrow(
      /a frame of 1025 bytes.*maxFrameBytes/,
    );
    expect(decodeFrame(rawFrame(headerOf(256)), limits).remark).toHaveLength(243);
    expect(() => decodeFrame(rawFrame(headerOf(257)), limits)).toThrow(/a header of 257 bytes.*maxHeaderBytes/);
  });

  test('are checked before the frame is there', () => {
    const { decoder } = reading(limits);
    expect(() => decoder.push(Buffer.from([0, 0, 4, 1]))).toThrow(/1025/);
  });
});

test('commands before a broken frame are handed over, none after it', () => {
  const { decoder, commands } = reading();
  const stream = Buffer.concat([frameOf({ code: 1 }), rawFrame('oops'), frameOf({ code: 3 })]);
  expect(() => decoder.push(stream)).toThrow('the header is no JSON');
  expect(commands.map(command => command.code)).toEqual([1]);
});

test('close() within a chunk leaves the rest unread', () => {
  const commands: RemotingCommand[] = [];
  const decoder = new FrameDecoder(command => {
    commands.push(command);
    decoder.close();
  });
  decoder.push(Buffer.concat([frameOf({ code: 1 }), frameOf({ code: 2 }), frameOf({ code: 3 }).subarray(0, 5)]));
  decoder.push(frameOf({ code: 4 }));
  expect([commands.length, decoder.bufferedBytes]).toEqual([1, 0]);
});

describe('JSON headers', () => {
  test('any order, blanks, unknown keys, numbers and booleans among ext fields, nulls', () => {
    const header =
      ' { "version" : 5, "unknown": [1, {"a": 2}], "remark": null, "opaque":7, "extFields": {"n": 5, "b": true, "f": 1.5, "z": null, "s": "\\u0041"}, "code": 10 } ';
    expect(read(header)).toMatchObject({ code: 10, opaque: 7, version: 5, flag: 0, remark: undefined });
    expect(read(header).extFields).toEqual({ n: '5', b: 'true', f: '1.5', s: 'A' });
  });

  test('an int64 among ext fields keeps all its digits, with and without quotes', () => {
    const longs = ['9007199254740993', '-9223372036854775808', '9223372036854775807'];
    for (const long of longs) {
      expect(read(`{"code":1,"extFields":{"n":${long},"s":"${long}"}}`).extFields).toEqual({ n: long, s: long });
    }
    expect(() => read('{"code":1,"extFields":{"n":9007199254740993}')).toThrow('the header is no JSON');
  });

  test('a missing language is JAVA, an unknown one none, those of 5.5.0 match smartly', () => {
    const languages = ['', '"language":"NODEJS",', '"language":"node-js",', '"language":"BASIC",', '"language":12,'];
    expect(languages.map(each => read(`{${each}"code":1}`).language)).toEqual([
      'JAVA',
      'NODE_JS',
      'NODE_JS',
      undefined,
      'RUST',
    ]);
  });

  test('a language is looked up once for headers that repeat it, and again for another', () => {
    const { decoder, commands } = reading();
    for (const language of ['JAVA', 'JAVA', 'GO', 'a language with a very long name indeed', 'GO', 'JAVA', '']) {
      decoder.push(rawFrame(`{"code":1,"language":"${language}"}`));
    }
    expect(commands.map(command => command.language)).toEqual([
      'JAVA',
      'JAVA',
      'GO',
      undefined,
      'GO',
      'JAVA',
      undefined,
    ]);
  });

  test('keys that begin alike are told apart', () => {
    const alike =
      '"cude":2,"codes":2,"cod":3,"opaqua":5,"flug":6,"versiom":7,"remarc":"r","languaga":"GO","extFielda":{"a":"b"}';
    // each by itself, so that none is read by hand when another one is not
    for (const each of alike.split(/,(?=")/)) {
      expect(read(`{"code":1,${each}}`)).toMatchObject({ remark: undefined, language: 'JAVA', extFields: undefined });
    }
    expect(read(`{"code":1,${alike}}`)).toMatchObject({
      code: 1,
      opaque: 0,
      flag: 0,
      version: undefined,
    });
  });

  test('nothing of a header stays for the next one', () => {
    const { decoder, commands } = reading();
    decoder.push(
      rawFrame('{"code":1,"flag":3,"opaque":4,"version":5,"remark":"r","extFields":{"a":"b"},"language":"GO"}'),
    );
    decoder.push(rawFrame('{"code":2}'));
    expect(commands[1]).toMatchObject({
      code: 2,
      flag: 0,
      opaque: 0,
      version: undefined,
      remark: undefined,
      extFields: undefined,
      language: 'JAVA',
    });
  });
});

describe('a command', () => {
  test('that was received can be sent on, from the chunk that it came in', () => {
    const received = decodeFrame(frameOf({ code: 5, body: 'forward me', extFields: { a: 'b' } }));
    const again = decodeFrame(encodeFrame(new FrameWriter('GO', 1), received));
    expect([again.bodyText, again.extFields, again.language, again.version]).toEqual([
      'forward me',
      { a: 'b' },
      'OTHER',
      513,
    ]);
  });

  test.each([
    ['bytes', Buffer.from('äb'), 'äb', 0xc3],
    ['a Uint8Array of a larger buffer', new Uint8Array([1, 97, 98, 2]).subarray(1, 3), 'ab', 97],
    ['text', 'äb', 'äb', 0xc3],
    ['empty text', '', '', -1],
    ['nothing', undefined, '', -1],
  ])('has a body of %s as bytes, text and first byte, sent and received', (_what, body, text, first) => {
    const command = new RemotingCommand({ code: 1, body });
    const received = decodeFrame(frameOf({ code: 1, body }));
    for (const each of [command, received]) {
      expect([each.bodyText, each.firstBodyByte, (each.body ?? Buffer.alloc(0)).toString()]).toEqual([
        text,
        first,
        text,
      ]);
    }
    received.body = 'other';
    expect(received.bodyText).toBe('other');
  });
});

test('decodeFrame takes one whole frame only', () => {
  const frame = frameOf({ code: 1 });
  for (const bytes of [
    Buffer.alloc(0),
    frame.subarray(1),
    frame.subarray(0, -1),
    Buffer.concat([frame, frame]),
    Buffer.concat([frame, Buffer.from([0])]),
  ]) {
    expect(() => decodeFrame(bytes)).toThrow();
  }
});

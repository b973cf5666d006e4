import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { decodeFrame } from '../../../src/protocol/frame-decoder.js';
import { encodeFrame, FrameWriter } from '../../../src/protocol/frame-writer.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';

const vector = (release: string, name: string): string => {
  const text = readFileSync(new URL(`../../fixtures/gold/vectors-${release}.txt`, import.meta.url), 'utf8');
  const line = text.split('\n').find(each => each.startsWith(`${name} `));
  if (line === undefined) throw new Error(`no vector ${name} of ${release}`);
  return line.slice(name.length + 1);
};

const writer = new FrameWriter('JAVA', 401);
const command = (serializeType: 'JSON' | 'ROCKETMQ'): RemotingCommand =>
  new RemotingCommand({ code: 105, opaque: 3, extFields: { topic: 'T' }, serializeType });

const prefixed = (type: number, header: Buffer): Buffer => {
  const prefix = Buffer.alloc(8);
  prefix.writeInt32BE(4 + header.length);
  prefix.writeUInt32BE(type * 0x1000000 + header.length, 4);
  return Buffer.concat([prefix, header]);
};

describe.each(['4.9.7', '5.5.0'])('as Java %s writes it', release => {
  test('a JSON header, byte for byte', () => {
    const gold = prefixed(0, Buffer.from(vector(release, 'CMDJSON')));
    expect(encodeFrame(writer, command('JSON')).toString('latin1')).toBe(gold.toString('latin1'));
    expect(decodeFrame(gold)).toMatchObject({
      code: 105,
      opaque: 3,
      language: 'JAVA',
      version: 401,
      extFields: { topic: 'T' },
    });
  });

  test('a ROCKETMQ frame, byte for byte', () => {
    // the vector holds type, header length and header
    const gold = Buffer.from(vector(release, 'CMDBIN'), 'hex');
    expect(encodeFrame(writer, command('ROCKETMQ')).toString('hex')).toBe(gold.toString('hex'));
    expect(decodeFrame(gold)).toMatchObject({
      code: 105,
      opaque: 3,
      language: 'JAVA',
      version: 401,
      extFields: { topic: 'T' },
    });
  });
});

const headerOf = (init: ConstructorParameters<typeof RemotingCommand>[0]): string => {
  const frame = encodeFrame(writer, new RemotingCommand(init));
  return frame.toString('utf8', 8, 8 + (frame.readUInt32BE(4) & 0xffffff));
};

describe('fastjson’s manners', () => {
  test('keys in the order of their names, null fields left out', () => {
    expect(headerOf({ code: -1, flag: 9, opaque: -0x80000000, remark: 'r' })).toBe(
      '{"code":-1,"flag":9,"language":"JAVA","opaque":-2147483648,"remark":"r","serializeTypeCurrentRPC":"JSON","version":401}',
    );
    expect(headerOf({ code: 0, extFields: {} })).toContain('"extFields":{}');
    expect(headerOf({ code: 0, extFields: { a: undefined as never, b: null as never, c: 'x' } })).toContain(
      '"extFields":{"c":"x"}',
    );
  });

  test.each([0, 7, 10, 99, 1_073_741_823, 1_073_741_824, 2_147_483_647, -1, -2_147_483_648])(
    'the number %i',
    opaque => {
      expect(headerOf({ code: 0, opaque })).toContain(`"opaque":${opaque},`);
    },
  );

  test.each(['"', '\\', '\n', '\u0000', 'ä', '😀', '\u2028', '\ud800', '</script>'])('the text %j', remark => {
    expect(JSON.parse(headerOf({ code: 0, remark }))).toMatchObject({ remark });
  });
});

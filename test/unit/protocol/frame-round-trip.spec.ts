import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeFrame, FrameDecoder } from '../../../src/protocol/frame-decoder.js';
import { encodeFrame, FrameWriter } from '../../../src/protocol/frame-writer.js';
import {
  RemotingCommand,
  type RemotingCommandInit,
  type SerializeType,
} from '../../../src/protocol/remoting-command.js';
import { commandInits } from '../../helpers/arbitraries.js';

const writer = new FrameWriter('OTHER', 513);

const forms = ['JSON', 'ROCKETMQ'] as const;

const encode = (init: RemotingCommandInit, serializeType: SerializeType): Buffer =>
  encodeFrame(writer, new RemotingCommand({ ...init, serializeType }));

/** Lone surrogates do not survive UTF-8. */
const utf8 = (text: string): string => Buffer.from(text).toString();

/** What a command says; what the form of headers cannot tell apart is made equal. */
function saidBy(init: RemotingCommandInit | RemotingCommand): unknown {
  const { code, flag, opaque, language, version, remark, extFields, body } = init;
  const bytes = body === undefined ? '' : Buffer.from(body as string).toString('hex');
  const fields = Object.entries(extFields ?? {}).map(([name, value]) => [utf8(name), utf8(value)]);
  return {
    code,
    flag,
    opaque,
    language: language ?? 'OTHER',
    version: version ?? 513,
    remark: utf8(remark ?? ''),
    fields,
    bytes,
  };
}

describe.each(forms)('%s', form => {
  test('what is written is read', () => {
    fc.assert(
      fc.property(commandInits, init => {
        const command = decodeFrame(encode(init, form));
        expect(saidBy(command)).toEqual(saidBy(init));
        expect(command.serializeType).toBe(form);
      }),
      { numRuns: 500 },
    );
  });

  test('however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(commandInits, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
        (inits, sizes) => {
          const stream = Buffer.concat(inits.map(init => encode(init, form)));
          const commands: RemotingCommand[] = [];
          const decoder = new FrameDecoder(command => commands.push(command));
          let at = 0;
          for (let turn = 0; at < stream.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            // a copy: what is kept of a chunk must not be another one's bytes
            decoder.push(Buffer.from(stream.subarray(at, at + size)));
            at += size;
          }
          expect(commands.map(saidBy)).toEqual(inits.map(init => saidBy(init)));
          expect(decoder.bufferedBytes).toBe(0);
        },
      ),
    );
  });

  test('a changed byte is read as something else or refused with a codec error, never more', () => {
    fc.assert(
      fc.property(commandInits, fc.nat(), fc.nat(255), (init, place, byte) => {
        const frame = encode(init, form);
        frame[place % frame.length] = byte;
        const decoder = new FrameDecoder(() => undefined);
        try {
          decoder.push(frame);
        } catch (error) {
          expect(error).toMatchObject({ code: 'RMQ_REMOTING_CODEC' });
        }
      }),
      { numRuns: 1000 },
    );
  });
});

import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Certificate, createCertificate } from './helpers/certificate.js';
import { describeJavaClientContract, InteropCode } from './helpers/java-client-contract.js';
import { type NestServer, startNestServer } from './helpers/nest-application.js';
import { describeInterop } from './helpers/tools.js';

describeInterop('the official client at a Nest microservice', version => {
  let certificate: Certificate;
  let server: NestServer;

  beforeAll(() => {
    certificate = createCertificate();
  });
  afterAll(() => certificate?.remove());

  const startServer = async (tls: boolean) => {
    server = await startNestServer({ tls: certificate.tls, tlsMode: tls ? 'enforcing' : 'disabled' });
    const { address, app } = server;
    return { address, clientProperties: certificate.trustProperties, close: () => app.close() };
  };

  describeJavaClientContract(version, startServer, ({ serializeType, client }) => {
    it('is answered in the serialization of its request, errors too', async () => {
      for (const code of [InteropCode.ECHO, InteropCode.FAIL, InteropCode.THROW, InteropCode.UNKNOWN]) {
        expect(await client().invokeSync({ code })).toMatchObject({ serializeType, flag: 1 });
      }
    });

    it('reads a language that it knows', async () => {
      expect((await client().invokeSync({ code: InteropCode.WHO })).language).toMatch(/^(?:OTHER|NODE_JS)$/);
    });

    it('sends and gets JSON', async () => {
      const response = await client().invokeSync({ code: InteropCode.SUM, body: '[1, 2.5, 39]' });
      expect(response).toMatchObject({ code: 0, body: Buffer.from('42.5') });
    });

    it('gets the last value of a stream, and nothing after it', async () => {
      const { lateReplies } = server.strategy.unwrap().statistics;
      const response = await client().invokeSync({ code: InteropCode.STREAM, body: '5' });
      expect(response).toMatchObject({ code: 0, body: Buffer.from('5') });
      expect(await client().invokeSync({ code: InteropCode.STREAM, body: '0' })).toMatchObject({ code: 0 });
      expect(server.strategy.unwrap().statistics.lateReplies).toBe(lateReplies);
    });

    it('learns nothing of an error that was not meant for it', async () => {
      const response = await client().invokeSync({ code: InteropCode.THROW });
      expect(response).toMatchObject({ code: 1, remark: 'Internal server error' });
      expect(response.body.toString()).not.toContain('secret');
    });

    it('is answered SUCCESS without a body when it calls an event two-way', async () => {
      const response = await client().invokeSync({ code: InteropCode.EVENT });
      expect(response).toMatchObject({ code: 0, body: Buffer.alloc(0) });
    });

    it('has needed one connection for all of this', () => {
      expect(server.strategy.unwrap().channels.size).toBe(1);
      expect(server.strategy.unwrap().statistics.connectionsOpened).toBe(1);
    });
  });
});

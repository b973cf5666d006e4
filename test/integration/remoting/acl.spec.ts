import { expect, test } from '@jest/globals';
import { AclClientRPCHook } from '../../../src/remoting/acl-rpc-hook.js';
import { AclVerifyHook } from '../../../src/remoting/acl-verify-hook.js';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { eventually } from '../../helpers/eventually.js';
import { useLoopback } from '../../helpers/loopback.js';

const loopback = useLoopback();

const lookup = (accessKey: string): string | undefined => (accessKey === 'ak' ? 'sk' : undefined);

test('signed calls are served, others are refused with NO_PERMISSION', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  server.registerRPCHook(new AclVerifyHook(lookup));
  const unsigned = loopback.client();
  await expect(unsigned.invokeSync(server.address, echoRequest())).resolves.toMatchObject({
    code: 16,
    remark: 'the request is not signed',
  });
  for (const [secretKey, code] of [
    ['sk', 0],
    ['wrong', 16],
  ] as const) {
    const client = loopback.client();
    // signs after the hook that is registered later
    client.registerRPCHook(new AclClientRPCHook({ accessKey: 'ak', secretKey }));
    client.registerRPCHook({
      doBeforeRequest: (_address, request) => {
        request.extFields = { ...request.extFields, zone: 'z1' };
      },
    });
    expect((await client.invokeSync(server.address, echoRequest('x'))).code).toBe(code);
  }
});

test('calls back are neither demanded to be signed nor signed by who is called', async () => {
  const server = await loopback.server({}, { [ECHO]: echo });
  server.registerRPCHook(new AclVerifyHook(lookup));
  const client = loopback.client();
  client.registerRPCHook(new AclClientRPCHook({ accessKey: 'ak', secretKey: 'sk', securityToken: 'tok' }));
  client.registerProcessor(ECHO, echo);
  await client.connect(server.address);
  await eventually(() => server.channels.size === 1, 'it is connected');
  const [channel] = server.channels;
  const answer = await server.invokeSync(channel as never, echoRequest('x'));
  expect([answer.bodyText, answer.extFields]).toEqual(['x', undefined]);
  expect(server.statistics.callbackErrors).toBe(0);
});

import { expect, test } from '@jest/globals';
import { networkInterfaces } from 'node:os';
import { ECHO, echo, echoRequest } from '../../helpers/echo.js';
import { useLoopback } from '../../helpers/loopback.js';
import { ca, serverCertificate } from '../../helpers/tls-files.js';

const loopback = useLoopback();

const hasIPv6 = Object.values(networkInterfaces()).some(all => all?.some(each => each.address === '::1'));
if (!hasIPv6) console.log('IPv6 is not tested: this machine has no address ::1');

const testIPv6 = hasIPv6 ? test : test.skip;

testIPv6.each([
  ['TCP', {}, {}],
  ['TLS', { tls: serverCertificate }, { tls: { ca } }],
])('a call over ::1 by %s; addresses are written with brackets', async (_what, serverOptions, clientOptions) => {
  const server = await loopback.server({ host: '::1', ...serverOptions }, { [ECHO]: echo });
  const client = loopback.client(clientOptions);
  const port = server.localListenPort();
  expect((await client.invokeSync(`[::1]:${port}`, echoRequest('x'))).bodyText).toBe('x');
  expect(client.connectedAddresses).toEqual([`[::1]:${port}`]);
  const [channel] = server.channels;
  expect(channel?.localAddress).toBe(`[::1]:${port}`);
  expect(channel?.remoteAddress).toMatch(/^\[::1\]:\d+$/);
  await expect(client.invokeSync(`::1:${port}`, echoRequest('y'))).resolves.toMatchObject({ code: 0 });
});

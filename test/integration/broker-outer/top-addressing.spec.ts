import { describe, expect, it } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import type { RequestListener } from 'node:http';
import { TopAddressing } from '../../../src/remoting/top-addressing.js';
import type { TopAddressingOptions } from '../../../src/remoting/top-addressing-options.js';
import { useLoopback } from '../../helpers/loopback.js';
import { addressServer } from './support/address-server.js';

const loopback = useLoopback();

const addressing = (domain: string, options: Partial<TopAddressingOptions> = {}) => {
  const made = new TopAddressing({ domain, environment: {}, ...options });
  loopback.atEnd(() => made.shutdown());
  return made;
};

describe('an address server', () => {
  it('is asked for the page of the unit, and its first line counts', async () => {
    const asked: (string | undefined)[] = [];
    const domain = await addressServer(loopback, (request, response) => {
      asked.push(request.url);
      response.end('\r\n a:1;b:2 \r\nsecond line\r\n');
    });
    const units = addressing(domain, { unitName: 'cn', parameters: { x: '1' } });
    expect(await units.fetchNSAddr()).toBe('a:1;b:2');
    expect(asked).toEqual(['/rocketmq/nsaddr-cn?nofix=1&x=1']);
  });

  it('is asked every time, and a change is announced', async () => {
    const answers = ['a:1;b:2', 'b:2;a:1', 'c:3'];
    const domain = await addressServer(loopback, (_request, response) => response.end(answers.shift()));
    const top = addressing(domain);
    const announced: unknown[] = [];
    top.registerChangeCallBack({ onNameServerAddressChange: list => announced.push(list) });
    for (const expected of ['a:1;b:2', 'a:1;b:2', 'c:3']) expect(await top.fetchNSAddr()).toBe(expected);
    expect(announced).toEqual([['a:1', 'b:2'], ['c:3']]);
  });

  const bad: Record<string, [answer: RequestListener, why: string]> = {
    'an error page': [(_, response) => response.writeHead(404).end('a:1'), 'HTTP status 404'],
    nothing: [(_, response) => response.end(' \n'), 'the answer is empty'],
    'a page of HTML': [(_, response) => response.end('<html>a:1</html>'), '"<html>a:1</html>" must be host:port'],
    'a list with a port that is none': [(_, response) => response.end('a:1;b:99999'), '"b:99999" must be host:port'],
    'without an end': [(_, response) => response.end('x'.repeat(100_000)), 'more than 65536 characters'],
    'half a page': [(_, response) => response.write('a:1', () => response.destroy()), 'aborted'],
    'no page': [request => request.socket.destroy(), 'socket hang up'],
    'nothing in time': [() => undefined, 'no answer within 100 ms'],
    'half a page in time': [(_, response) => response.write('a:1;'), 'no answer within 100 ms'],
  };
  it.each(Object.entries(bad))(
    'that answers %s keeps the old list, and it is reported',
    async (_what, [answer, why]) => {
      let healthy = true;
      const domain = await addressServer(loopback, (request, response) => {
        if (healthy) response.end('a:1');
        else answer(request, response);
      });
      const top = addressing(domain, { timeoutMs: 100 });
      const errors: Error[] = [];
      top.registerChangeCallBack({ onFetchFailed: error => errors.push(error) });
      await top.fetchNSAddr();
      healthy = false;
      expect(await top.fetchNSAddr()).toBe('a:1');
      expect(errors.map(error => error.message)).toEqual([expect.stringContaining(why)]);
      expect(top.lastError).toMatchObject({ code: 'RMQ_CLIENT', retryable: true });
      healthy = true;
      await top.fetchNSAddr();
      expect(top.lastError).toBeUndefined();
    },
  );

  it('that is down is reported, without the query of its page', async () => {
    const domain = `127.0.0.1:${await loopback.closedPort()}`;
    const top = addressing(domain, { parameters: { token: 'secret' } });
    expect(await top.fetchNSAddr()).toBeUndefined();
    expect(top.lastError?.message).toContain(`from http://${domain}/rocketmq/nsaddr: connect ECONNREFUSED`);
    expect(top.lastError?.message).not.toContain('secret');
  });

  it('is asked again and again after start(), and no more after shutdown()', async () => {
    let asked = 0;
    const answered: ((value: unknown) => void)[] = [];
    const domain = await addressServer(loopback, (_request, response) => {
      response.end(`a:${++asked}`, () => answered.shift()?.(undefined));
    });
    const top = addressing(domain, { firstFetchDelayMs: 1, fetchIntervalMs: 1 });
    const lists: unknown[] = [];
    const third = new Promise(resolve => {
      top.registerChangeCallBack({
        onNameServerAddressChange: list => {
          lists.push(...list);
          if (lists.length === 3) resolve(undefined);
        },
      });
    });
    top.start();
    top.start();
    await third;
    top.shutdown();
    const before = asked;
    // a request of one's own still works; nothing else has been asked beside it
    await top.fetchNSAddr();
    expect(asked).toBe(before + 1);
    expect(lists.slice(0, 3)).toEqual(['a:1', 'a:2', 'a:3']);
  });

  it('that is still silent at shutdown() is given up at once, without a report', async () => {
    const requests = new EventEmitter();
    const arrival = once(requests, 'arrived');
    const domain = await addressServer(loopback, () => requests.emit('arrived'));
    const top = addressing(domain, { timeoutMs: 60_000 });
    const asked = top.fetchNSAddr();
    await arrival;
    top.shutdown();
    expect(await asked).toBeUndefined();
    expect(top.lastError).toBeUndefined();
  });
});

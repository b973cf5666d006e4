import { describe, expect, it } from '@jest/globals';
import { OptionsError } from '../../../src/errors/options.js';
import { MQClientError } from '../../../src/errors/response-errors.js';
import { isSameAddressSet, parseAddressList } from '../../../src/remoting/address-list.js';
import { TopAddressing } from '../../../src/remoting/top-addressing.js';
import type { TopAddressingOptions } from '../../../src/remoting/top-addressing-options.js';
import { RecordingLogger } from '../../helpers/recording-logger.js';

const environment = {};
const urlOf = (options: Partial<TopAddressingOptions>) => new TopAddressing({ environment, ...options }).url;

describe('a list of addresses', () => {
  it('is text with ; between them, or an array', () => {
    expect(parseAddressList(' a:1; b:2 ;;a:1;[::1]:3')).toEqual(['a:1', 'b:2', '[::1]:3']);
    expect(parseAddressList(['a:1', ' a:1', ''])).toEqual(['a:1']);
    expect(parseAddressList('')).toEqual([]);
    expect(() => parseAddressList('a:1;b')).toThrow(OptionsError);
    expect(() => parseAddressList('<html>')).toThrow('"<html>" must be host:port');
  });

  it('is compared as a set', () => {
    expect(isSameAddressSet(['a:1', 'b:2'], ['b:2', 'a:1'])).toBe(true);
    expect(isSameAddressSet(['a:1'], ['b:2'])).toBe(false);
    expect(isSameAddressSet(['a:1'], ['a:1', 'b:2'])).toBe(false);
  });
});

describe('the page that is asked', () => {
  it('is that of Java, unless another is named', () => {
    expect(urlOf({})).toBe('http://jmenv.tbsite.net:8080/rocketmq/nsaddr');
    expect(urlOf({ domain: 'names', subgroup: 'mine' })).toBe('http://names:8080/rocketmq/mine');
    expect(urlOf({ domain: 'names:81' })).toBe('http://names:81/rocketmq/nsaddr');
    expect(urlOf({ url: 'https://names/list' })).toBe('https://names/list');
  });

  it('names the unit and carries parameters', () => {
    const parameters = { labels: 'a b', x: '1' };
    expect(urlOf({ domain: 'n', unitName: 'cn' })).toBe('http://n:8080/rocketmq/nsaddr-cn?nofix=1');
    expect(urlOf({ domain: 'n', parameters })).toBe('http://n:8080/rocketmq/nsaddr?labels=a+b&x=1');
    expect(urlOf({ domain: 'n', unitName: 'cn', parameters: { x: '1' } })).toBe(
      'http://n:8080/rocketmq/nsaddr-cn?nofix=1&x=1',
    );
    expect(urlOf({ url: 'http://n/list?y=2', parameters: { x: '1' } })).toBe('http://n/list?y=2&x=1');
  });

  it('comes from the environment where the options say nothing', () => {
    const names = { 'rocketmq.namesrv.domain': 'names', 'rocketmq.namesrv.domain.subgroup': 'mine' };
    expect(urlOf({ environment: names })).toBe('http://names:8080/rocketmq/mine');
    expect(urlOf({ environment: { ROCKETMQ_NAMESRV_DOMAIN: 'names:81' } })).toBe('http://names:81/rocketmq/nsaddr');
    expect(urlOf({ environment: names, domain: 'other' })).toBe('http://other:8080/rocketmq/mine');
  });

  it('is none where the environment lists the addresses, unless an address server is named', () => {
    const listed = { NAMESRV_ADDR: 'a:1' };
    expect(urlOf({ environment: listed })).toBeUndefined();
    expect(urlOf({ environment: listed, domain: 'names' })).toBe('http://names:8080/rocketmq/nsaddr');
    expect(urlOf({ environment: { NAMESRV_ADDR: ' ' } })).toBe('http://jmenv.tbsite.net:8080/rocketmq/nsaddr');
  });
});

describe('options', () => {
  it('are refused all at once', () => {
    const wrong = { url: 'ftp://x', timeoutMs: 0, parameters: { a: 1 }, unit: 'cn' } as never;
    expect(() => new TopAddressing(wrong)).toThrow(OptionsError);
    expect(() => new TopAddressing(wrong)).toThrow(
      /"url" must be a URL.*"timeoutMs" must be.*"parameters" must be.*unknown option "unit", did you mean "unitName"/,
    );
  });
});

describe('addresses of the environment', () => {
  it('are in force once they are asked for, and announced once', async () => {
    const addressing = new TopAddressing({
      environment: { 'rocketmq.namesrv.addr': 'a:1; b:2', NAMESRV_ADDR: 'c:3' },
    });
    const announced: unknown[] = [];
    addressing.registerChangeCallBack({ onNameServerAddressChange: list => announced.push(list) });
    expect(addressing.nsAddr).toBeUndefined();
    expect(await addressing.fetchNSAddr()).toBe('a:1;b:2');
    expect(await addressing.fetchNSAddr()).toBe('a:1;b:2');
    expect(announced).toEqual([['a:1', 'b:2']]);
    expect(addressing.lastError).toBeUndefined();
  });

  it('that are none are reported, and the old ones stay', async () => {
    const given: Record<string, string> = { NAMESRV_ADDR: 'nonsense' };
    const logger = new RecordingLogger();
    const addressing = new TopAddressing({ environment: given, logger });
    const errors: MQClientError[] = [];
    addressing.registerChangeCallBack({ onFetchFailed: error => errors.push(error) });
    expect(await addressing.fetchNSAddr()).toBeUndefined();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(MQClientError);
    expect(addressing.lastError).toBe(errors[0]);
    const message =
      'no name server addresses from NAMESRV_ADDR of the environment: "nonsense" must be host:port, for ' +
      'example 127.0.0.1:9876 or [::1]:9876; no name server is known';
    expect(errors[0]?.message).toBe(message);
    expect(logger.lines).toEqual([`warn ${message}`]);
  });

  it('reach every callback, whatever another one throws, and none that was taken out', async () => {
    const logger = new RecordingLogger();
    const addressing = new TopAddressing({ environment: { NAMESRV_ADDR: 'a:1' }, logger });
    const heard: string[] = [];
    const takeOut = addressing.registerChangeCallBack({ onNameServerAddressChange: () => heard.push('gone') });
    addressing.registerChangeCallBack({
      onNameServerAddressChange: () => {
        throw new Error('boom');
      },
    });
    addressing.registerChangeCallBack({ onNameServerAddressChange: () => heard.push('there') });
    takeOut();
    expect(await addressing.fetchNSAddr()).toBe('a:1');
    expect(heard).toEqual(['there']);
    expect(logger.lines).toContain('error onNameServerAddressChange threw');
  });
});

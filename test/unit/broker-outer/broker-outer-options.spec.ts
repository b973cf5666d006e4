import { describe, expect, it } from '@jest/globals';
import { BrokerOuterAPI } from '../../../src/broker-outer/broker-outer-api.js';
import { OBSERVED_REMOTING } from '../../../src/remoting/observed.js';

describe('options of a BrokerOuterAPI', () => {
  it.each([
    [{ timeoutMs: 0 }, '"timeoutMs" must be a whole number from 1'],
    [{ name: '' }, '"name" must be a string that is not empty'],
    [{ connectTimeout: 5 }, 'unknown option "connectTimeout", did you mean "connectTimeoutMs"?'],
    [{ topAddressing: { url: 'x' } }, '"url" must be a URL'],
    [{ nameServers: ['nonsense'] }, '"nameServers" member 0 must be host:port'],
    [{ nameServers: 5 }, '"nameServers" must be an array'],
    [{ acl: { accessKey: 'a' } }, '"secretKey"'],
  ])('%j are refused', (options, message) => {
    expect(() => new BrokerOuterAPI(options as never)).toThrow(message);
  });

  it('say how metrics and spans name it', () => {
    const [observed] = new BrokerOuterAPI({ name: 'mine' })[OBSERVED_REMOTING]();
    expect(observed).toMatchObject({ role: 'client', name: 'mine' });
    const api = new BrokerOuterAPI();
    expect(api[OBSERVED_REMOTING]()).toBe(api[OBSERVED_REMOTING]());
    expect(api[OBSERVED_REMOTING]()).toEqual([{ role: 'client', name: 'broker-outer', remoting: api.remotingClient }]);
  });

  it('give name servers as a list or as text', () => {
    const api = new BrokerOuterAPI({ nameServers: [' a:1 '] });
    expect(api.getNameServerAddressList()).toEqual(['a:1']);
    api.updateNameServerAddressList('b:2; c:3;');
    expect(api.getNameServerAddressList().toSorted()).toEqual(['b:2', 'c:3']);
    api.updateNameServerAddressList(['d:4']);
    api.updateNameServerAddressList('');
    expect(api.getNameServerAddressList()).toEqual(['d:4']);
    expect(() => api.updateNameServerAddressList('e:5;nonsense')).toThrow('"nonsense" must be host:port');
    expect(api.getNameServerAddressList()).toEqual(['d:4']);
  });
});

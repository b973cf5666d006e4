import { describeJavaClientContract } from './helpers/java-client-contract.js';
import { startJavaRemotingServer } from './helpers/java-remoting.js';
import { describeInterop } from './helpers/tools.js';

// The control: what the contract asks of our server is what the official server does.
describeInterop('the official client at the official server', version => {
  describeJavaClientContract(version, async tls => {
    const systemProperties = { 'tls.server.mode': tls ? 'enforcing' : 'disabled' };
    const server = await startJavaRemotingServer({ version, systemProperties });
    return { address: server.address, close: server.kill };
  });
});

import { type RemotingCommand, RocketMQTracing } from 'nestjs-rocketmq';
import type { Contender } from '../contender.js';
import { ECHO, core } from './core.js';

/** Our core with its spans; without an SDK in the process only the API is there. */
export const coreTraced = (): Contender<RemotingCommand> => {
  const tracing = new RocketMQTracing({ requestCodes: { [ECHO]: 'ECHO' } });
  return core(observed => void tracing.observe(observed));
};

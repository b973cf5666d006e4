import { Logger } from '@nestjs/common';
import type { RemotingLogger } from '../remoting/logger.js';

/** The core's messages in Nest's log, under the name of what says them. */
export function nestLogger(context: string): RemotingLogger {
  const logger = new Logger(context);
  return {
    error: (message, ...details) => logger.error(message, ...details.map(readable)),
    warn: (message, ...details) => logger.warn(message, ...details.map(readable)),
    log: (message, ...details) => logger.log(message, ...details.map(readable)),
    debug: (message, ...details) => logger.debug(message, ...details.map(readable)),
  };
}

/** Nest prints a string behind an error's message as its stack. */
const readable = (detail: unknown): unknown => (detail instanceof Error ? (detail.stack ?? detail.message) : detail);

import type { RemotingLogger } from '../../src/remoting/logger.js';

/** A logger that keeps its lines as `level message`. */
export class RecordingLogger implements RemotingLogger {
  readonly lines: string[] = [];

  error(message: string): void {
    this.lines.push(`error ${message}`);
  }

  warn(message: string): void {
    this.lines.push(`warn ${message}`);
  }

  log(message: string): void {
    this.lines.push(`log ${message}`);
  }

  debug(message: string): void {
    this.lines.push(`debug ${message}`);
  }
}

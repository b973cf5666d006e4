import type { LoggerService } from '@nestjs/common';

const textOf = (message: unknown): string =>
  message instanceof Error ? (message.stack ?? message.message) : String(message);

/** Keeps what Nest logs as `level message`. */
export class RecordingNestLogger implements LoggerService {
  readonly lines: string[] = [];

  log(message: unknown): void {
    this.lines.push(`log ${textOf(message)}`);
  }

  error(message: unknown): void {
    this.lines.push(`error ${textOf(message)}`);
  }

  warn(message: unknown): void {
    this.lines.push(`warn ${textOf(message)}`);
  }

  debug(message: unknown): void {
    this.lines.push(`debug ${textOf(message)}`);
  }

  /** Lines of a level. */
  of(level: 'log' | 'error' | 'warn' | 'debug'): string[] {
    return this.lines.filter(line => line.startsWith(`${level} `));
  }
}

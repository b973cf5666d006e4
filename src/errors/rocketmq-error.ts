import { errorCodes, type RocketMQErrorCode } from './error-codes.js';

/** What an error may know about the call that it ended. */
export interface RocketMQErrorDetails {
  /** The error below this one. */
  cause?: unknown;
  /** Peer as `host:port`. */
  address?: string | undefined;
  /** Number of the call on its connection. */
  opaque?: number | undefined;
  /** Request code of the call. */
  requestCode?: number | undefined;
  /** Overrides the answer that the code's row gives. */
  retryable?: boolean;
}

const brandOf = (name: string): symbol => Symbol.for(`nestjs-rocketmq/${name}`);

/**
 * Base of every error that this package throws.
 *
 * `instanceof` works across two copies of the package: it asks for a registered symbol, not for the prototype.
 * Prefer `error.code` in code that decides.
 */
export class RocketMQError extends Error {
  /** Name that `instanceof` goes by; each class of the package has its own. */
  static readonly brand: string = 'RocketMQError';

  static override [Symbol.hasInstance](this: { brand?: string }, value: unknown): boolean {
    if (!Object.hasOwn(this, 'brand')) {
      return Function.prototype[Symbol.hasInstance].call(this as unknown as (...args: never) => unknown, value);
    }
    return typeof value === 'object' && value !== null && brandOf(this.brand ?? '') in value;
  }

  /** Stable identifier, one of `errorCodes`. */
  readonly code: RocketMQErrorCode;
  /** Whether the same call may succeed when it is tried again. */
  readonly retryable: boolean;
  /** Peer as `host:port`, when the error belongs to one. */
  readonly address?: string;
  /** Number of the call on its connection. */
  readonly opaque?: number;
  /** Request code of the call. */
  readonly requestCode?: number;

  constructor(code: RocketMQErrorCode, message: string, details: RocketMQErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.name = new.target.brand;
    this.code = code;
    this.retryable = details.retryable ?? errorCodes[code].retryable;
    if (details.address !== undefined) this.address = details.address;
    if (details.opaque !== undefined) this.opaque = details.opaque;
    if (details.requestCode !== undefined) this.requestCode = details.requestCode;
  }
}

/** Marks a class of the package so that `instanceof` recognises its instances made by another copy. */
export function registerBrand(errorClass: { readonly brand: string; readonly prototype: object }): void {
  Object.defineProperty(errorClass.prototype, brandOf(errorClass.brand), { value: true });
}
registerBrand(RocketMQError);

/**
 * Whether trying the same call again may succeed. The only place that answers this question.
 *
 * Errors of this package say so themselves (`retryable`, by default from the row of their code); anything else does not.
 */
export function isRetryable(error: unknown): boolean {
  return error instanceof RocketMQError && error.retryable;
}

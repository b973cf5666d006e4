import type { RemotingCommand } from '../protocol/remoting-command.js';
import type { RequestTask } from './request-task.js';
import type { ResponseFuture } from './response-future.js';

/**
 * Sees requests and responses of a client or a server; several run in the order of registration.
 * Source: Java `RPCHook`.
 *
 * On a client, what a hook throws is logged and counted and changes nothing for the call. On a server a throwing
 * `doBeforeRequest` answers SYSTEM_ERROR, an `AbortProcessError` its own code and remark.
 */
export interface RPCHook {
  /** Adds a signature: runs after every other hook, so that nothing is added to what was signed. */
  readonly signs?: boolean;
  /**
   * Before a request is sent (client), before its processor runs (server). May add ext fields. `call` is given where
   * the request is sent.
   */
  doBeforeRequest?(remoteAddress: string, request: RemotingCommand, call?: ResponseFuture): void;
  /** After the response came (client), before it is sent (server). Not called where there is none, as on a time-out. */
  doAfterResponse?(remoteAddress: string, request: RemotingCommand, response: RemotingCommand | undefined): void;
}

/** Told of every call of a client (or of a server that calls its clients), once, however it ended. */
export interface CallHook {
  /**
   * A call begins: in the async context of its caller, before a channel is looked up, whatever becomes of it. May
   * put something of its own around `call.callback`.
   */
  onCallBegun?(call: ResponseFuture): void;
  /** `call.outcome`, `call.error` and `call.response` say how it ended. */
  onCallFinished(call: ResponseFuture): void;
}

/** Runs around the handling of every request of a server (or of a client that is called back). */
export interface RequestHook {
  /** A request arrived: before it waits, runs or is refused. */
  onRequestReceived?(task: RequestTask): void;
  /**
   * Calls `next` once, synchronously; what is current inside of it (an async context) is so for hooks and processor.
   */
  aroundRequest?(task: RequestTask, next: () => void): void;
  /** The request is done: answered, refused, failed, or its connection is gone. */
  onRequestFinished?(task: RequestTask): void;
}

/** Hooks of one client or server. The arrays are replaced when they change, so that reading them needs no care. */
export class HookRegistry {
  /** Signing hooks last. */
  rpcHooks: readonly RPCHook[] = [];
  callHooks: readonly CallHook[] = [];
  requestHooks: readonly RequestHook[] = [];

  /** Adds a hook once; the same one again changes nothing. */
  registerRPCHook(hook: RPCHook): void {
    if (this.rpcHooks.includes(hook)) return;
    const all = [...this.rpcHooks, hook];
    this.rpcHooks = [...all.filter(each => each.signs !== true), ...all.filter(each => each.signs === true)];
  }

  /** Adds a hook; the returned function takes it out again. */
  registerCallHook(hook: CallHook): () => void {
    this.callHooks = [...this.callHooks, hook];
    return () => {
      this.callHooks = this.callHooks.filter(each => each !== hook);
    };
  }

  /** Adds a hook; the returned function takes it out again. */
  registerRequestHook(hook: RequestHook): () => void {
    this.requestHooks = [...this.requestHooks, hook];
    return () => {
      this.requestHooks = this.requestHooks.filter(each => each !== hook);
    };
  }

  /** Takes an {@link RPCHook} out. */
  unregisterRPCHook(hook: RPCHook): void {
    this.rpcHooks = this.rpcHooks.filter(each => each !== hook);
  }
}

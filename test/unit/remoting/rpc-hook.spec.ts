import { expect, test } from '@jest/globals';
import { HookRegistry, type RPCHook } from '../../../src/remoting/rpc-hook.js';

test('hooks keep their order, those that sign come last, each is there once', () => {
  const hooks = new HookRegistry();
  const [a, b, c, d]: RPCHook[] = [{}, { signs: true }, {}, { signs: true }];
  for (const hook of [a, b, c, d, b, a]) hooks.registerRPCHook(hook as RPCHook);
  expect(hooks.rpcHooks).toEqual([a, c, b, d]);
  hooks.rpcHooks.forEach((hook, at) => expect(hook).toBe([a, c, b, d][at]));
  hooks.unregisterRPCHook(c as RPCHook);
  expect(hooks.rpcHooks).toHaveLength(3);
});

test('who reads the hooks while one goes sees the ones of before', () => {
  const hooks = new HookRegistry();
  const seen: number[] = [];
  const removals = [0, 1, 2].map(at =>
    hooks.registerCallHook({
      onCallFinished: () => {
        seen.push(at);
        removals[at]?.();
      },
    }),
  );
  for (const hook of hooks.callHooks) hook.onCallFinished({} as never);
  expect(seen).toEqual([0, 1, 2]);
  expect(hooks.callHooks).toHaveLength(0);
});

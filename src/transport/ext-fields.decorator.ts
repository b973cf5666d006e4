import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RemotingContext } from './remoting.context.js';

/**
 * Parameter of a handler with the request's ext fields, or one of them.
 *
 * @example handle(@Payload() order: Order, @ExtFields('tenant') tenant: string | undefined) {}
 */
export const ExtFields: (name?: string) => ParameterDecorator = createParamDecorator(
  (name: string | undefined, execution: ExecutionContext): unknown => {
    const context: unknown = execution.switchToRpc().getContext();
    if (!(context instanceof RemotingContext)) return undefined;
    if (name === undefined) return context.extFields;
    return Object.hasOwn(context.extFields, name) ? context.extFields[name] : undefined;
  },
);

/** Transport id of {@link ServerRemoting}; its description is the protocol's name in tools that show one. */
export const REMOTING: unique symbol = Symbol.for('nestjs-rocketmq/remoting') as never;

/** Status of a server or client, as Nest's `status` observable tells it. */
export const RemotingStatus = { CONNECTED: 'connected', DISCONNECTED: 'disconnected' } as const;
/** A value of {@link RemotingStatus}. */
export type RemotingStatus = (typeof RemotingStatus)[keyof typeof RemotingStatus];

/** The request code of a Nest pattern, or `undefined` when it travels as text: int32 in its shortest spelling. */
export function requestCodeOf(pattern: string): number | undefined {
  if (!/^-?\d{1,10}$/.test(pattern)) return undefined;
  const code = Number(pattern);
  return code === (code | 0) && String(code) === pattern ? code : undefined;
}

// Request codes that are none of RocketMQ's; those are in requests/.

/** First code of the range that users may take for their own requests. */
export const USER_CODES_FROM = 20000;

/** Last code of the range that users may take for their own requests. */
export const USER_CODES_TO = 29999;

/** Carries a Nest pattern that is no number, in the ext field {@link PATTERN_FIELD}. */
export const NEST_PATTERN = 30001;

/** Cancels a streamed answer. */
export const STREAM_CANCEL = 30002;

/** Names of the codes that are ours. */
export const reservedCodeNames: ReadonlyMap<number, string> = new Map([
  [NEST_PATTERN, 'NEST_PATTERN'],
  [STREAM_CANCEL, 'STREAM_CANCEL'],
]);

/** Ext field that carries a Nest pattern which is no request code. */
export const PATTERN_FIELD = 'pattern';

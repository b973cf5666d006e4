// Request codes that are none of RocketMQ's; those are in requests/.

/** First code of the range that users may take for their own requests. */
export const USER_CODES_FROM = 20000;

/** Last code of the range that users may take for their own requests. */
export const USER_CODES_TO = 29999;

/** Carries a Nest pattern that is no number; the pattern is in an ext field. */
export const NEST_PATTERN = 30001;

/** Cancels a streamed answer. */
export const STREAM_CANCEL = 30002;

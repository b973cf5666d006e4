/*
 * An answer of several frames, ours: the request says by CommandFlag.STREAM that its caller takes one. Every frame
 * carries its sequence from 0, the last one END too; its body, if any, is the last value. An answer without a sequence
 * is a plain one. Whoever does not say STREAM (a Java client) gets one plain answer.
 */
/** Ext field with the number of a frame in a streamed answer, from 0. */
export const STREAM_SEQUENCE = 'streamSequence';
/** Ext field of the last frame of a streamed answer. */
export const STREAM_END = 'streamEnd';
/** Ext field of a STREAM_CANCEL request: the opaque of the call whose stream is to end. */
export const STREAM_OPAQUE = 'streamOpaque';

/** What a frame may not exceed: checked before anything is allocated for it. */
export interface FrameLimits {
  /** Bytes of a frame without its length field. @default 16777216 (Java `com.rocketmq.remoting.frameMaxLength`) */
  readonly maxFrameBytes: number;
  /** Bytes of a header; Java knows no such limit, its largest headers carry 32 KiB of properties. @default 1048576 */
  readonly maxHeaderBytes: number;
}

/** Java's frame limit, and a header limit that leaves room for its largest headers. */
export const defaultFrameLimits: FrameLimits = Object.freeze({
  maxFrameBytes: 16_777_216,
  maxHeaderBytes: 1_048_576,
});

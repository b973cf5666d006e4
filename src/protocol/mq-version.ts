/**
 * Versions of RocketMQ as the header's `version` carries them (Java `MQVersion`, by ordinal): those that
 * rules of the protocol and tests speak of.
 */
export const MQVersion = {
  /** Clients from here on are told to reset their offsets. */
  V3_0_7_SNAPSHOT: 28,
  V3_1_8_SNAPSHOT: 62,
  /** Clients from here on have their `maxReconsumeTimes` obeyed when they send a message back. */
  V3_4_9: 121,
  V3_5_8: 137,
  V4_0_0: 213,
  /** Brokers from here on know SQL92 expressions. */
  V4_1_0_SNAPSHOT: 232,
  V4_5_2: 317,
  V4_9_0: 393,
  /** Clients up to here have `_UNIQUE_KEY_QUERY` left out of their signature's content by 5.x. */
  V4_9_3: 399,
  /** Clients from here on get routes in standard JSON from name servers of this version or later. */
  V4_9_4: 401,
  V4_9_7: 407,
  /** Name servers from here on read the mapping of static topics in a registration. */
  V5_0_0: 413,
  V5_1_0: 433,
  /** Clients above this one may be answered GO_AWAY. */
  V5_3_1: 475,
  /** Servers from here on know the language `NODE_JS`. */
  V5_3_2: 477,
  V5_3_3: 479,
  V5_4_0: 493,
  V5_5_0: 513,
} as const;

/** Request codes of the example; 20000 to 29999 are free for users' own. */
export const Code = {
  ECHO: 20001,
  SUM: 20002,
  FIND_ORDER: 20003,
  COUNT: 20004,
  DELAY: 20005,
  HIT: 20006,
  HITS: 20007,
} as const;

/** Response code of {@link Code.FIND_ORDER}: users' own response codes are free as well. */
export const NO_SUCH_ORDER = 20017;

/** Names of the codes, as metrics show them: `{ 20001: 'ECHO', … }`. */
export const codeNames: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(Code).map(([name, code]) => [code, name]),
);

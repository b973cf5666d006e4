/** What a tag expression asks for. Source: Java `FilterAPI.buildSubscriptionData`. */
export interface TagSubscription {
  /** The expression as given; `*` for all. */
  readonly subString: string;
  /** The tags; none for all. */
  readonly tagsSet: readonly string[];
  /** {@link javaHashCode} of each tag, in the same order. */
  readonly codeSet: readonly number[];
}

/** The tag expression that takes every message. */
export const SUB_ALL = '*';

/** The hash that Java gives a text, a signed integer of 32 bits. Source: Java `String.hashCode`. */
export function javaHashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}

/**
 * What a broker keeps in the consume queue to filter by: the hash of the tags, 0 without any.
 * Source: Java `MessageExtBrokerInner.tagsString2tagsCode`.
 */
export function tagsCodeOf(tags: string | undefined): number {
  return tags === undefined ? 0 : javaHashCode(tags);
}

/** Reads an expression such as `TagA || TagB`; empty or `*` asks for every message. */
export function parseTagExpression(expression: string | undefined): TagSubscription {
  if (expression === undefined || expression === '' || expression === SUB_ALL) {
    return { subString: SUB_ALL, tagsSet: [], codeSet: [] };
  }
  const tags = expression.split('||').map(tag => tag.trim());
  const tagsSet = [...new Set(tags.filter(tag => tag !== ''))];
  return { subString: expression, tagsSet, codeSet: tagsSet.map(javaHashCode) };
}

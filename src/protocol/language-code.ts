/** Languages in the order of their bytes (Java `LanguageCode`). */
const LANGUAGES = [
  'JAVA',
  'CPP',
  'DOTNET',
  'PYTHON',
  'DELPHI',
  'ERLANG',
  'RUBY',
  'OTHER',
  'HTTP',
  'GO',
  'PHP',
  'OMS',
  'RUST',
  'NODE_JS',
] as const;

/**
 * Name of the language of a peer, as headers in JSON carry it. Servers before 5.3.2 do not know `NODE_JS` and may fail
 * on it, so it may only be sent to a server that has answered with version 477 or later; `OTHER` is known to all.
 */
export type LanguageCode = (typeof LANGUAGES)[number];

const byName = new Map<string, LanguageCode>(LANGUAGES.map(name => [plain(name), name]));
const toByte = new Map<LanguageCode, number>(LANGUAGES.map((name, byte) => [name, byte]));

/**
 * The language of a name (headers in JSON) or of a byte (headers in ROCKETMQ serialization). As in 5.5.0, letter case
 * and separators of a name do not count: `NODEJS` is `NODE_JS`.
 *
 * @returns `undefined` for what no release knows, as Java reads `null`.
 */
export function languageCodeOf(language: unknown): LanguageCode | undefined {
  if (typeof language === 'number') return LANGUAGES[language];
  return typeof language === 'string' ? byName.get(plain(language)) : undefined;
}

/** The byte of a language in headers in ROCKETMQ serialization. */
export function languageByteOf(language: LanguageCode): number {
  return toByte.get(language) ?? LANGUAGES.indexOf('OTHER');
}

function plain(name: string): string {
  return name.toUpperCase().replaceAll(/[_-]/g, '');
}

// Writes docs/requests.md from the request table: `npm run build && node scripts/requests-doc.mjs`.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const rpc = ['ns', 'nsd', 'bname', 'oway'];
const inherited = { TopicRequestHeader: ['lo', ...rpc], RpcRequestHeader: rpc };

const intro = `# Requests

Every request code of RocketMQ 5.5.0, generated from the request table (\`src/protocol/requests/\`) by \`scripts/requests-doc.mjs\`. A field with \`?\` may be left out. A field in _italics_ is in no Java header class: Java adds it to \`extFields\` beside it.

Many headers inherit fields:

- \`RpcRequestHeader\`: \`ns?\` string, \`nsd?\` boolean, \`bname?\` string, \`oway?\` boolean
- \`TopicRequestHeader\`: \`lo?\` boolean, and those of \`RpcRequestHeader\`

Codes 20000 to 29999 are for your own requests; 30001 and 30002 are taken by this package.
`;

/** The text of docs/requests.md for a request table. */
export function requestsDoc(requests) {
  const rows = Object.values(requests).toSorted((a, b) => a.code - b.code);
  return [intro, ...rows.map(section)].join('\n');
}

function section(row) {
  const headers = [
    headerLine('request', row.javaHeader, row.request.fields),
    headerLine('response', row.javaResponseHeader, row.response.fields),
  ].filter(line => line !== undefined);
  const list = headers.length > 0 ? `\n${headers.join('\n')}\n` : '';
  return `## ${row.code} ${row.name}\n\n${row.summary}\n${list}`;
}

function headerLine(side, javaClass, fields) {
  if (javaClass === undefined && fields.length === 0) return undefined;
  const names = new Set(fields.map(field => field.name));
  const [parent, itsFields] = Object.entries(inherited).find(([, all]) => all.every(name => names.has(name))) ?? [];
  const own = fields.filter(field => !itsFields?.includes(field.name)).map(fieldText);
  const texts = parent === undefined ? own : [...own, `those of \`${parent}\``];
  const of = javaClass === undefined ? '' : ` \`${javaClass}\``;
  return `- ${side}${of}: ${texts.length > 0 ? texts.join(', ') : 'no fields'}`;
}

function fieldText(field) {
  const name = `\`${field.name}${field.required ? '' : '?'}\``;
  const type = field.values === undefined ? field.type : field.values.map(value => `\`${value}\``).join(' or ');
  return field.extField ? `_${name} ${type}_` : `${name} ${type}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { requests } = await import('../dist/protocol/requests/index.js');
  writeFileSync(new URL('../docs/requests.md', import.meta.url), requestsDoc(requests));
}

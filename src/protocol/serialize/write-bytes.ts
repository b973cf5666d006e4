/** Writers of small values straight into an outgoing buffer; each returns where the next byte goes. */

/** Decimal digits of an integer that is safe in a double. */
export function writeInteger(target: Buffer, at: number, value: number): number {
  let position = at;
  let rest = value;
  if (rest < 0) {
    target[position++] = 0x2d;
    rest = -rest;
  }
  if (rest > 0x3fffffff) return position + target.write(String(rest), position, 'latin1');
  let digits = 1;
  for (let each = rest; each >= 10; each = (each / 10) | 0) digits++;
  const end = position + digits;
  position = end;
  do {
    const tenth = (rest / 10) | 0;
    target[--position] = 48 + rest - tenth * 10;
    rest = tenth;
  } while (rest > 0);
  return end;
}

/** A JSON string with its quotes. Needs six bytes a UTF-16 unit and two more. */
export function writeJsonString(target: Buffer, at: number, value: string): number {
  const length = value.length;
  let position = at;
  target[position++] = 0x22;
  for (let index = 0; index < length; index++) {
    const unit = value.charCodeAt(index);
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) {
      return at + target.write(JSON.stringify(value), at, 'utf8');
    }
    target[position++] = unit;
  }
  target[position++] = 0x22;
  return position;
}

/** Bytes as they are. */
export function writeBytes(target: Buffer, at: number, bytes: Uint8Array): number {
  target.set(bytes, at);
  return at + bytes.length;
}

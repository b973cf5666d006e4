import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';

const OK = 200;

/** What a request for text may cost. */
export interface HttpTextLimits {
  /** Milliseconds from the connect to the last byte. */
  readonly timeoutMs: number;
  /** Characters of the answer. */
  readonly maxLength: number;
  /** Cancels the request. */
  readonly signal: AbortSignal;
}

/**
 * The body of a page, fetched on a connection of its own that is closed afterwards.
 *
 * @throws {Error} no answer in time, a status other than 200, or more text than allowed
 */
export function fetchHttpText(url: URL, { timeoutMs, maxLength, signal }: HttpTextLimits): Promise<string> {
  const get = url.protocol === 'https:' ? httpsGet : httpGet;
  return new Promise((resolve, reject) => {
    let text = '';
    const request = get(url, { agent: false, signal });
    const fail = (error: Error): void => {
      // before destroy(), which has an error of its own
      reject(error);
      request.destroy();
    };
    const timer = setTimeout(() => fail(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    request.on('close', () => clearTimeout(timer)).on('error', fail);
    request.on('response', response => {
      if (response.statusCode !== OK) {
        fail(new Error(`HTTP status ${response.statusCode}`));
        return;
      }
      response.setEncoding('utf8').on('error', fail);
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > maxLength) fail(new Error(`an answer of more than ${maxLength} characters`));
      });
      response.on('end', () => resolve(text));
    });
  });
}

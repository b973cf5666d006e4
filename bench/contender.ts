/** Makes the call to repeat for a body of that many bytes. */
export type Calls<Answer> = (bodyBytes: number) => () => Promise<Answer>;

/** Two ends of one way to call: what a server process and a client process run. Both live as long as their process. */
export interface Contender<Answer = unknown> {
  /** Listens on a free port of 127.0.0.1 and answers it. */
  serve(): Promise<number>;
  /** Connects. */
  open(port: number): Promise<Calls<Answer>>;
  /** Bytes of the body that came back: proof, before anything is measured, that it did. */
  sizeOf(answer: Answer): number;
}

/** A JSON text of exactly `bytes` bytes, at least 8: all contenders carry the same bytes, Nest's as an object. */
export const jsonBody = (bytes: number): { d: string } => ({ d: 'x'.repeat(bytes - '{"d":""}'.length) });

/** The same as bytes. */
export const bufferBody = (bytes: number): Buffer => Buffer.from(JSON.stringify(jsonBody(bytes)));

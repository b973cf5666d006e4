import { readFileSync } from 'node:fs';

/** A file of test/fixtures/tls: made for tests, its keys are public. */
const file = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));

const pair = (name: string): { cert: Buffer; key: Buffer } => ({ cert: file(`${name}.crt`), key: file(`${name}.key`) });

export const ca = file('ca.crt');
export const otherCa = file('other-ca.crt');
/** For rocketmq.test, localhost, 127.0.0.1 and ::1. */
export const serverCertificate = pair('server');
export const clientCertificate = pair('client');
/** Vouched for by `otherCa`. */
export const strangerCertificate = pair('stranger');

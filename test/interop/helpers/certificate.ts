import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A self-signed certificate for 127.0.0.1 with its key. */
export interface Certificate {
  /** Certificate and key for a server of Node. */
  readonly tls: { readonly pfx: Buffer; readonly passphrase: string };
  /** System properties with which the official client trusts this certificate and no other. */
  readonly trustProperties: Readonly<Record<string, string>>;
  /** Removes its files. */
  readonly remove: () => void;
}

const PASSPHRASE = 'interop';

/** Makes a certificate with the tool of the Java development kit, which is there when these tests run. */
export const createCertificate = (): Certificate => {
  const folder = mkdtempSync(join(tmpdir(), 'rocketmq-interop-'));
  const keytool = (command: string): void => {
    const access = `-alias server -storetype PKCS12 -keystore server.p12 -storepass ${PASSPHRASE}`;
    execFileSync('keytool', `${command} ${access}`.split(' '), { cwd: folder, stdio: 'ignore' });
  };
  keytool('-genkeypair -keyalg EC -groupname secp256r1 -validity 2 -dname CN=127.0.0.1 -ext SAN=IP:127.0.0.1');
  keytool('-exportcert -rfc -file server.pem');
  return {
    tls: { pfx: readFileSync(join(folder, 'server.p12')), passphrase: PASSPHRASE },
    trustProperties: {
      'tls.test.mode.enable': 'false',
      'tls.client.authServer': 'true',
      'tls.client.trustCertPath': join(folder, 'server.pem'),
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

import { windowsStores } from '../../../../shared/domain/source-path.ts';
import type { HeldCertificate } from '../../probe/files/forms/held.ts';
import { maxCertificates } from '../../probe/files/forms/held.ts';
import { ProgramError, runProgram } from './run-program.ts';

/** The programs by which stores of Windows are read. */
export interface WindowsPrograms {
  powershell: string;
  reg: string;
}

/** The programs where Windows has them, by the folder that it tells itself. */
export function windowsPrograms({ SystemRoot }: NodeJS.ProcessEnv): WindowsPrograms {
  const root = /^[A-Za-z]:\\[\w\\ .-]+$/.test(SystemRoot ?? '') ? SystemRoot : 'C:\\Windows';
  return {
    powershell: `${root}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`,
    reg: `${root}\\System32\\reg.exe`,
  };
}

/** In these computers and people keep certificates that are theirs: those without a key are of others. */
const ownStores = new Set(['My', 'WebHosting', 'Remote Desktop']);

/**
 * Lists the certificates of a store of Windows: by PowerShell's certificate provider, or, where that may not run (Constrained Language Mode), out of
 * the registry. Reading them needs no rights of an administrator, and touches no private key.
 * @param store one of `windowsStores`
 * @throws ProgramError; the signal's reason where it aborts
 */
export async function listWindowsStore(
  store: string,
  { powershell, reg }: WindowsPrograms,
  signal: AbortSignal,
): Promise<HeldCertificate[]> {
  const [place = '', name = ''] = windowsStores.includes(store) ? store.split('\\') : [];
  if (name === '') throw new ProgramError(`${store} is no store of Windows.`);
  const isWanted = ({ hasKey }: HeldCertificate) => hasKey || !ownStores.has(name);
  try {
    const args = ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded(scriptFor(store))];
    return readJsonLines(await runProgram(powershell, args, signal)).filter(isWanted);
  } catch (error) {
    signal.throwIfAborted();
    const key = registryKey(place, name);
    if (!(error instanceof ProgramError) || key === null) throw error;
    const output = await runProgram(reg, ['query', key, '/s', '/v', 'Blob'], signal).catch(() => {
      throw error; // What PowerShell failed by says more.
    });
    return readRegistry(output).filter(isWanted);
  }
}

/** One line of JSON for each certificate. @param store out of our own list: nothing of a person’s is in the script */
function scriptFor(store: string): string {
  return `$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = New-Object Text.UTF8Encoding $false
Get-ChildItem -LiteralPath 'Cert:\\${store}' | ForEach-Object {
  ConvertTo-Json -Compress @{
    der = [Convert]::ToBase64String($_.RawData)
    name = [string]$_.FriendlyName
    key = [bool]$_.HasPrivateKey
  }
}`;
}

const encoded = (script: string) => Buffer.from(script, 'utf16le').toString('base64');

/** The key under which the registry has a store; null: it is not there. A person’s own certificates lie in files of Windows’ own. */
function registryKey(place: string, store: string): string | null {
  if (place === 'CurrentUser' && store === 'My') return null;
  const root = place === 'LocalMachine' ? 'HKLM' : 'HKCU';
  return `${root}\\SOFTWARE\\Microsoft\\SystemCertificates\\${store.toUpperCase()}\\Certificates`;
}

/** Reads what the script prints. A line that is none of ours is passed over. */
export function readJsonLines(output: Buffer): HeldCertificate[] {
  const held: HeldCertificate[] = [];
  for (const line of output.toString('utf8').split('\n')) {
    if (held.length >= maxCertificates) break;
    const { der, name, key } = fieldsOf(line);
    if (typeof der !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(der)) continue;
    held.push(certificate(Buffer.from(der, 'base64'), typeof name === 'string' ? name : '', key === true));
  }
  return held;
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    // SAFETY: an object of JSON is a record of fields, each of which is checked.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // An empty line, or a warning of PowerShell's.
  }
}

/** Properties of a certificate in the registry (wincrypt.h): its DER, its friendly name, and where its key is. */
const properties = { der: 32, friendlyName: 11, keyProvider: 2 } as const;

/** Reads `reg query … /s /v Blob`: a line with the value for each certificate, in hexadecimal digits. */
export function readRegistry(output: Buffer): HeldCertificate[] {
  const held: HeldCertificate[] = [];
  for (const line of output.toString('latin1').split('\n')) {
    if (held.length >= maxCertificates) break;
    const [name, type, digits = ''] = line.trim().split(/\s+/, 3);
    if (name !== 'Blob' || type !== 'REG_BINARY' || !/^(?:[0-9A-Fa-f]{2})+$/.test(digits)) continue;
    const found = readProperties(Buffer.from(digits, 'hex'));
    const der = found.get(properties.der);
    const label = found.get(properties.friendlyName)?.toString('utf16le').replace(/\0.*$/s, '') ?? '';
    if (der) held.push(certificate(der, label, found.has(properties.keyProvider)));
  }
  return held;
}

/** A serialised certificate: for each property its number, a reserved number, its length, and its octets (Wine's crypt32, serialize.c). */
function readProperties(blob: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + 12 <= blob.length; ) {
    const length = blob.readUInt32LE(at + 8);
    if (at + 12 + length > blob.length) break;
    found.set(blob.readUInt32LE(at), blob.subarray(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return found;
}

function certificate(der: Buffer, name: string, hasKey: boolean): HeldCertificate {
  return { der, alias: name.trim().slice(0, 200) || null, place: null, hasKey, chain: [] };
}
